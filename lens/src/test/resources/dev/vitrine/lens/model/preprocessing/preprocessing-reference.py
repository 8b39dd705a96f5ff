"""Writes preprocessing-reference.txt: what Pillow and NumPy make of photos, for PreprocessingParityTest.

Usage: preprocessing-reference.py FOLDER-OF-PHOTOS
"""
import io
import sys
import numpy as np
import PIL
from PIL import Image, ImageCms

PHOTOS = ["astronaut.png", "chelsea.png", "coffee.png", "camera.png", "china.jpg", "flower.jpg", "rocket.jpg"]
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
SAMPLES = 64


def read(path):
    """The picture in sRGB: rocket.jpg has an Adobe RGB profile."""
    image = Image.open(path)
    profile = image.info.get("icc_profile")
    if profile:
        image = ImageCms.profileToProfile(image, io.BytesIO(profile), ImageCms.createProfile("sRGB"))
    return image


def crop(image, resize, size):
    """Short side to resize, then the centre, as torchvision's Resize and CenterCrop do."""
    width, height = image.size
    if width <= height:
        target = (resize, int(resize * height / width))
    else:
        target = (int(resize * width / height), resize)
    image = image.resize(target, Image.Resampling.BILINEAR)
    left, top = int(round((target[0] - size) / 2.0)), int(round((target[1] - size) / 2.0))
    return image.crop((left, top, left + size, top + size))


def tiny_darknet(image):
    return np.asarray(crop(image.convert("RGB"), 224, 224), np.float32).transpose(2, 0, 1) / np.float32(255)


def squeezenet(image):
    image = image.convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
    bgr = np.asarray(image, np.float32)[:, :, ::-1] - np.array([104, 117, 123], np.float32)
    return bgr.transpose(2, 0, 1)


def resnet(image):
    image = image.convert("RGB").resize((32, 32), Image.Resampling.BILINEAR)
    return ((np.asarray(image, np.float32) / np.float32(255) - MEAN) / DEVIATION).transpose(2, 0, 1)


def imagenet_256(image):
    rgb = np.asarray(crop(image.convert("RGB"), 256, 224), np.float32) / np.float32(255)
    return ((rgb - MEAN) / DEVIATION).transpose(2, 0, 1)


def digit(image):
    return np.asarray(crop(image.convert("RGB").convert("L"), 28, 28), np.float32)[None] / np.float32(255)


print(f"# Pillow {PIL.__version__}, NumPy {np.__version__}: preprocessing, photo, {SAMPLES} values of [C,H,W], evenly spaced")
for name, preprocess in [("tiny-darknet", tiny_darknet), ("squeezenet-caltech101", squeezenet),
                         ("cifar10-resnet20", resnet), ("imagenet-256", imagenet_256), ("digit", digit)]:
    for photo in PHOTOS:
        values = preprocess(read(f"{sys.argv[1]}/{photo}")).astype(np.float32).ravel()
        at = [i * (values.size - 1) // (SAMPLES - 1) for i in range(SAMPLES)]
        print(name, photo, *("%.7g" % values[i] for i in at))
