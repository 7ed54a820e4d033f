# The function that modal.eval.ts asks. Deploy it with: modal deploy examples/providers/modal_app.py

import modal

app = modal.App("dotevals-example", image=modal.Image.debian_slim().pip_install("transformers", "torch"))


@app.cls(gpu="L4", scaledown_window=120)
@modal.concurrent(max_inputs=8)
class Chat:
    model: str = modal.parameter(default="Qwen/Qwen2.5-0.5B-Instruct")

    @modal.enter()
    def load(self):
        from transformers import pipeline

        self.pipe = pipeline("text-generation", model=self.model, device_map="auto")

    @modal.method()
    def answer(self, request: dict) -> dict:
        """`request` has the fields of a chat completions request: messages, temperature, max_tokens, …"""
        output = self.pipe(request["messages"], max_new_tokens=request.get("max_tokens", 256))
        return {"text": output[0]["generated_text"][-1]["content"]}
