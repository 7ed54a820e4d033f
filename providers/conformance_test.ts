import { testProvider } from "../src/providers/conformance/suite.ts";
import echo from "./echo.ts";
import { conformance as ofEcho } from "./echo/testing/conformance.ts";
import example from "./example.ts";
import { conformance as ofExample } from "./example/testing/conformance.ts";
import openai from "./openai.ts";
import { chat } from "./openai/testing/conformance.ts";

testProvider(echo, ofEcho);
testProvider(example, ofExample);
testProvider(openai, chat);
