export interface TextLineStreamOptions {
  allowCR?: boolean;
}
export declare class TextLineStream extends TransformStream<string, string> {
  #private;
  constructor(options?: TextLineStreamOptions);
}
