"""Writes resampling-reference.txt: what Pillow makes of a synthetic picture, for ResamplerTest."""
import base64, hashlib, sys
import numpy as np
import PIL
from PIL import Image

FILTERS = {"NEAREST": Image.Resampling.NEAREST, "BOX": Image.Resampling.BOX, "BILINEAR": Image.Resampling.BILINEAR,
           "BICUBIC": Image.Resampling.BICUBIC, "LANCZOS": Image.Resampling.LANCZOS}
BYTES = [((37, 23), (12, 9)), ((13, 7), (29, 17)), ((37, 23), (37, 9)), ((21, 30), (8, 30)), ((64, 5), (3, 40)),
         ((200, 150), (7, 5)), ((1, 1), (4, 3))]
HASHED = [((640, 427), (224, 149)), ((333, 500), (448, 672)), ((451, 300), (337, 224))]
FLOATS = [((7, 5), (23, 17)), ((31, 23), (9, 6)), ((14, 14), (14, 3))]


def samples(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return ((x * 37 + y * 91 + c * 53 + (x * y) % 31 * 8 + (x // 5 + y // 3) % 2 * 128) % 256).astype(np.uint8)


print(f"# Pillow {PIL.__version__}: kind, filter, from, to, result (u8[H,W,3] in base64, its SHA-256, or little-endian f32[H,W])")
for name, resampling in FILTERS.items():
    for source, target in BYTES + HASHED:
        result = np.asarray(Image.fromarray(samples(*source)).resize(target, resampling)).tobytes()
        hashed = (source, target) in HASHED
        text = hashlib.sha256(result).hexdigest() if hashed else base64.b64encode(result).decode()
        print("sha256" if hashed else "bytes", name, "%dx%d" % source, "%dx%d" % target, text)
    for source, target in FLOATS:
        plane = samples(*source)[:, :, 0].astype(np.float32) / np.float32(16) - np.float32(5)
        result = np.asarray(Image.fromarray(plane).resize(target, resampling)).astype("<f4").tobytes()
        print("floats", name, "%dx%d" % source, "%dx%d" % target, base64.b64encode(result).decode())
