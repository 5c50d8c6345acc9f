"""The original student service's way, to be measured against: run with uvicorn.

The upload is written to the one file ``tmp.jpg``, decoded in full, and read by `keras predict`,
in an ``async`` route: one at a time, as it must be with one file. With ``MODEL_LOADED=each``
the model is loaded at every request, as the original was written; with ``once`` it is loaded at
the start. The network is Hilum's own of 2026.11.4, so that only
the way differs.
"""

import os
import tempfile
from pathlib import Path

import keras
import numpy as np
from fastapi import FastAPI, File, UploadFile
from PIL import Image

MODEL = Path(os.environ["MODEL_FILE"])
ONCE = os.environ["MODEL_LOADED"] == "once"

FOLDER = Path(tempfile.mkdtemp())

app = FastAPI()
_loaded = keras.saving.load_model(MODEL, compile=False) if ONCE else None


@app.post("/")
async def predict(file: UploadFile = File()) -> dict[str, str]:  # noqa: B008
    """Read one picture as the student service did."""
    path = FOLDER / "tmp.jpg"
    path.write_bytes(await file.read())
    model = _loaded or keras.saving.load_model(MODEL, compile=False)
    side = model.input_shape[1]
    image = Image.open(path).convert("L").resize((side, side))
    pixels = np.asarray(image, dtype=np.float32)[None, :, :, None]
    logits = model.predict((pixels - pixels.mean()) / pixels.std(), verbose=0)["logits"][0]
    odds = np.exp(logits - logits.max())
    pneumonia = 1 - odds[0] / odds.sum()
    result = "Normal" if pneumonia < 0.5 else "Potentially Pneumonia"
    return {"result": result, "prediction": f"{100 * pneumonia:.4f}"}
