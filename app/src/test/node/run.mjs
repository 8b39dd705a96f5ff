// node run.mjs jobs.json: runs ONNX files with onnxruntime-web, in WebAssembly.
// jobs.json: [{model, inputs: [{name, type, dims, file}], outputs: {name: file}, optimization, answer}]; files hold raw little-endian
// numbers. What became of a job goes to its file 'answer': {shapes: {name: dims}} or {error}.
import { readFileSync, writeFileSync } from "node:fs";
import * as ort from "onnxruntime-web/wasm";

const arrays = { float32: Float32Array, int64: BigInt64Array };

function tensor({ type, dims, file }) {
  const bytes = readFileSync(file);
  const memory = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return new ort.Tensor(type, new arrays[type](memory), dims);
}

async function run({ model, inputs, outputs, optimization }) {
  const session = await ort.InferenceSession.create(readFileSync(model), {
    executionProviders: ["wasm"],
    graphOptimizationLevel: optimization,
  });
  try {
    const feeds = Object.fromEntries(inputs.map((input) => [input.name, tensor(input)]));
    const results = await session.run(feeds, Object.keys(outputs));
    const shapes = {};
    for (const [name, file] of Object.entries(outputs)) {
      const { data, dims } = results[name];
      writeFileSync(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      shapes[name] = dims;
    }
    return { shapes };
  } finally {
    await session.release();
  }
}

ort.env.logLevel = "error";
ort.env.wasm.numThreads = 1;
for (const job of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const answer = await run(job).catch((error) => ({ error: String(error.message ?? error) }));
  writeFileSync(job.answer, JSON.stringify({ client: `onnxruntime-web ${ort.env.versions.web}`, ...answer }));
}
