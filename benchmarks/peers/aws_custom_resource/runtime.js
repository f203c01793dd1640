// A small replacement for Lambda's Node.js runtime, with the protocol of tests/support/function.py: one call a line on
// standard input, one result a line on standard output, the log on standard error. The first argument is the handler.
"use strict";

const { Console } = require("node:console");
const https = require("node:https");
const readline = require("node:readline");

// Standard output is for results, so the handler's log goes to standard error.
global.console = new Console(process.stderr, process.stderr);

// A concession. The handler sends its answer to the host of ResponseURL and drops the port. S3's URLs have none, but
// the URL of the test server has one. Nothing else of the request is changed.
const answersTo = { hostname: "", port: "" };
const request = https.request;
https.request = (options, ...rest) => {
  const isAnswer = options.hostname === answersTo.hostname && options.port === undefined;
  return request.call(https, isAnswer ? { ...options, port: answersTo.port } : options, ...rest);
};

const { handler } = require(process.argv[2]);

async function called({ event, seconds }) {
  Object.assign(answersTo, (({ hostname, port }) => ({ hostname, port }))(new URL(event.ResponseURL)));
  const end = Date.now() + seconds * 1000;
  const context = {
    logStreamName: "2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef",
    getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
  };
  try {
    await handler(event, context);
    return null;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const error = await called(JSON.parse(line));
    process.stderr.write("END\n");
    process.stdout.write(`${JSON.stringify({ error })}\n`);
  }
})();
