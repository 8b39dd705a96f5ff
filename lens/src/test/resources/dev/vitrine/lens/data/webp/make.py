"""Writes NAME.webp and NAME.png, what libwebp decodes it to, laid on white. Pillow 9.4.0, libwebp 1.2.4."""

import numpy
from PIL import Image

SIDE = 40
quarters = numpy.zeros((SIDE, SIDE, 3), numpy.uint8)
quarters[:20, :20] = (200, 30, 40)
quarters[:20, 20:] = (20, 180, 60)
quarters[20:, :20] = (30, 60, 210)
quarters[20:, 20:] = (240, 220, 20)
ramp = numpy.arange(SIDE, dtype=numpy.uint8)
# Some texture, so that the encoder has blocks of every kind to choose from.
quarters[5:15, :, 0] ^= ramp[None, :] * 2
quarters[25:35, :, 2] ^= ramp[None, :] * 3



def write(name, picture, **options):
    picture.save(name + ".webp", **options)
    decoded = numpy.array(Image.open(name + ".webp").convert("RGBA")).astype(float)
    alpha = decoded[:, :, 3:] / 255
    rgb = numpy.rint(decoded[:, :, :3] * alpha + 255 * (1 - alpha)).astype(numpy.uint8)
    Image.fromarray(rgb).save(name + ".png", optimize=True)


opaque = Image.fromarray(quarters)
for method in range(7):
    write(f"lossy-{method}", opaque, method=method, quality=75)
write("lossless", opaque, lossless=True)
alpha = numpy.dstack([quarters, numpy.repeat(ramp[:, None] * 6, SIDE, 1).astype(numpy.uint8)])
write("lossy-alpha", Image.fromarray(alpha), method=4, quality=75)
write("lossless-alpha", Image.fromarray(alpha), lossless=True)
