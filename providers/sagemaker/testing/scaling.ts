/**
 * Application Auto Scaling, as far as it scales SageMaker's endpoints.
 *
 * @module
 */
import * as v from "valibot";
import { checked } from "./checked.ts";
import { Refused } from "./refusal.ts";

const target = {
  ServiceNamespace: v.literal("sagemaker"),
  ResourceId: v.pipe(v.string(), v.regex(/^endpoint\/[^/]+\/variant\/[^/]+$/)),
  ScalableDimension: v.literal("sagemaker:variant:DesiredInstanceCount"),
};
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const shapes = {
  RegisterScalableTarget: v.strictObject({ ...target, MinCapacity: count, MaxCapacity: count }),
  PutScalingPolicy: v.strictObject({
    ...target,
    PolicyName: v.string(),
    PolicyType: v.literal("TargetTrackingScaling"),
    TargetTrackingScalingPolicyConfiguration: v.strictObject({
      TargetValue: v.number(),
      PredefinedMetricSpecification: v.strictObject({
        PredefinedMetricType: v.literal("SageMakerVariantInvocationsPerInstance"),
      }),
    }),
  }),
  DeregisterScalableTarget: v.strictObject(target),
};

/** What is scaled, by resource id. */
export class Scaling {
  readonly targets = new Map<string, { readonly min: number; readonly max: number }>();
  readonly policies = new Map<string, number>();

  /** Answers an operation. */
  answer(operation: string, input: unknown): unknown {
    const refusal = { type: "ValidationException" };
    switch (operation) {
      case "RegisterScalableTarget": {
        const { ResourceId, MinCapacity, MaxCapacity } = checked(shapes[operation], input, refusal);
        this.targets.set(ResourceId, { min: MinCapacity, max: MaxCapacity });
        return {
          ScalableTargetARN: "arn:aws:application-autoscaling:eu-test-1:1:scalable-target/1",
        };
      }
      case "PutScalingPolicy": {
        const policy = checked(shapes[operation], input, refusal);
        if (!this.targets.has(policy.ResourceId)) throw notFound(policy.ResourceId);
        const { TargetValue } = policy.TargetTrackingScalingPolicyConfiguration;
        this.policies.set(policy.ResourceId, TargetValue);
        return { PolicyARN: "arn:aws:autoscaling:eu-test-1:1:scalingPolicy:1", Alarms: [] };
      }
      case "DeregisterScalableTarget": {
        const { ResourceId } = checked(shapes[operation], input, refusal);
        if (!this.targets.delete(ResourceId)) throw notFound(ResourceId);
        this.policies.delete(ResourceId);
        return {};
      }
      default:
        throw new Refused({
          status: 400,
          type: "UnknownOperationException",
          message: `There is no operation ${operation}.`,
        });
    }
  }
}

function notFound(resource: string): Refused {
  return new Refused({
    status: 400,
    type: "ObjectNotFoundException",
    message: `No scalable target found for ${resource}.`,
  });
}
