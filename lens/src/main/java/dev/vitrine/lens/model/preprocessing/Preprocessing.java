package dev.vitrine.lens.model.preprocessing;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Bands;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Region;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is done to a picture before a network sees it.
 *
 * @param width of the input in pixels
 * @param height of the input in pixels
 * @param resize only for {@link Fit#CROP}: the size to which the picture is brought before the shorter side of the input
 *     is cut out of it, at least that side; equal to that side for the other fits
 * @param normalization one number a channel, in the order of {@code channels}
 */
public record Preprocessing(
        int width,
        int height,
        Fit fit,
        int resize,
        Resampling resampling,
        ChannelOrder channels,
        Layout layout,
        Normalization normalization) {
    public Preprocessing {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("input of " + width + "x" + height + ": expected at least 1x1");
        }
        int shortSide = Math.min(width, height);
        if (fit == Fit.CROP && resize < shortSide) {
            throw new IllegalArgumentException(
                    "resize " + resize + ": expected at least the input's short side, " + shortSide);
        }
        if (fit != Fit.CROP && resize != shortSide) {
            throw new IllegalArgumentException("resize " + resize + ": only the fit CROP resizes to anything but the"
                    + " input's short side, " + shortSide);
        }
        if (normalization.channels() != channels.count()) {
            throw new IllegalArgumentException("mean and deviation of " + normalization.channels()
                    + " channels: expected " + channels.count() + " (" + channels + ")");
        }
    }

    /** Resized to no more than the input needs. */
    public Preprocessing(
            int width,
            int height,
            Fit fit,
            Resampling resampling,
            ChannelOrder channels,
            Layout layout,
            Normalization normalization) {
        this(width, height, fit, Math.min(width, height), resampling, channels, layout, normalization);
    }

    /** The customary one for ImageNet: center crop, bilinear, RGB, NCHW, ImageNet's mean and deviation. */
    public static Preprocessing imagenet(int size) {
        return new Preprocessing(
                size, size, Fit.CROP, Resampling.BILINEAR, ChannelOrder.RGB, Layout.NCHW, Normalization.IMAGENET);
    }

    /** Pictures as the network takes them: {@code f32[N,C,height,width]}, or {@code f32[N,height,width,C]} for NHWC. */
    public Tensor apply(List<Picture> pictures) {
        return input(pictures, this::view);
    }

    /** The same of pictures that {@link #view} has brought to the input's size, whatever became of them since. */
    public Tensor applyToViews(List<Picture> views) {
        return input(views, view -> view);
    }

    private Tensor input(List<Picture> pictures, UnaryOperator<Picture> seen) {
        long[] shape = layout.shape(pictures.size(), channels.count(), height, width);
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer target = bytes.asFloatBuffer();
        float[][] values = table();
        float[] samples = new float[channels.count() * height * width];
        for (Picture picture : pictures) {
            Picture view = seen.apply(picture);
            if (view.bands().isPresent()) {
                write(view.bands().get(), samples);
            } else {
                write(view.sharedRgb(), values, samples);
            }
            target.put(samples);
        }
        return Tensor.wrap(ElementType.FLOAT32, shape, bytes);
    }

    /** One picture as a batch of one. */
    public Tensor apply(Picture picture) {
        return apply(List.of(picture));
    }

    private float[][] table() {
        float[][] values = new float[channels.count()][256];
        for (int channel = 0; channel < values.length; channel++) {
            for (int sample = 0; sample < 256; sample++) {
                values[channel][sample] = normalization.value(channel, sample);
            }
        }
        return values;
    }

    private void write(byte[] rgb, float[][] values, float[] target) {
        int pixels = width * height;
        for (int channel = 0; channel < values.length; channel++) {
            float[] table = values[channel];
            int to = layout == Layout.NCHW ? channel * pixels : channel;
            int step = layout == Layout.NCHW ? 1 : values.length;
            if (channels.isAlpha(channel)) {
                for (int pixel = 0; pixel < pixels; pixel++) {
                    target[to + pixel * step] = table[255];
                }
                continue;
            }
            int from = channels.color(channel);
            for (int pixel = 0; pixel < pixels; pixel++) {
                target[to + pixel * step] = table[rgb[from + 3 * pixel] & 255];
            }
        }
    }

    private void write(Bands bands, float[] target) {
        int pixels = width * height;
        int count = channels.count();
        for (int channel = 0; channel < count; channel++) {
            float[] values = channels.values(bands, channel, pixels, opaque(bands));
            int to = layout == Layout.NCHW ? channel * pixels : channel;
            int step = layout == Layout.NCHW ? 1 : count;
            for (int pixel = 0; pixel < pixels; pixel++) {
                target[to + pixel * step] = bands.scale() == Bands.Scale.NUMBERS
                        ? normalization.normalized(channel, values[pixel])
                        : normalization.value(channel, (double) values[pixel]);
            }
        }
    }

    private float opaque(Bands bands) {
        return bands.scale() == Bands.Scale.NUMBERS ? (float) normalization.high() : 255;
    }

    /**
     * What the network sees, as a picture of the input's size; gray for a network that sees no colors.
     *
     * @throws dev.vitrine.engine.VitrineException of kind FAILURE if the picture has other channels than the network
     */
    public Picture view(Picture picture) {
        Picture seen = channels.of(picture);
        Picture view = switch (fit) {
            case SQUASH -> Resampler.resize(seen, width, height, resampling);
            case CROP -> crop(seen);
            case PAD -> pad(seen);
        };
        return view.bands().isPresent() && !channels.shown().isEmpty() ? shown(view) : view;
    }

    private Picture shown(Picture view) {
        Bands bands = view.bands().orElseThrow();
        byte[] rgb = bands.rgb(new int[] {channels.shown(0), channels.shown(1), channels.shown(2)});
        return Picture.wrap(width, height, rgb).withBands(bands);
    }

    private Picture crop(Picture picture) {
        Placement placed = placement(picture);
        return Resampler.resize(
                picture,
                placed.width(),
                placed.height(),
                resampling,
                new Region(-placed.left(), -placed.top(), width, height));
    }

    private Picture pad(Picture picture) {
        Placement placed = placement(picture);
        Picture within = Resampler.resize(picture, placed.width(), placed.height(), resampling);
        byte[] inner = within.sharedRgb();
        byte[] rgb = Picture.filled(width, height, meanColor()).sharedRgb();
        for (int y = 0; y < placed.height(); y++) {
            System.arraycopy(
                    inner,
                    3 * y * placed.width(),
                    rgb,
                    3 * ((placed.top() + y) * width + placed.left()),
                    3 * placed.width());
        }
        Picture padded = Picture.wrap(width, height, rgb);
        return within.bands()
                .map(bands -> padded.withBands(bands.placed(width, height, placed.left(), placed.top(), means(bands))))
                .orElse(padded);
    }

    /** The number nearest to the mean of the channel that reads a band; 0 where none does. */
    private float[] means(Bands bands) {
        float[] means = new float[bands.count()];
        for (int channel = channels.count() - 1; channel >= 0; channel--) {
            float mean = bands.scale() == Bands.Scale.NUMBERS
                    ? normalization.mean().get(channel).floatValue()
                    : normalization.meanSample(channel);
            int band = channels.band(bands, channel);
            if (band >= 0) {
                means[band] = mean;
            } else if (!channels.isAlpha(channel)) {
                Arrays.fill(means, mean);
            }
        }
        return means;
    }

    /** The size to which a picture is brought, and where its top left corner then lies in the input. */
    private record Placement(int width, int height, int left, int top) {}

    private Placement placement(Picture picture) {
        return switch (fit) {
            case SQUASH -> new Placement(width, height, 0, 0);
            case CROP -> cropped(picture);
            case PAD -> padded(picture);
        };
    }

    private Placement cropped(Picture picture) {
        int shortSide = Math.min(width, height);
        // The picture has to cover this, which has the input's proportions.
        long coveredWidth = (long) width * resize / shortSide;
        long coveredHeight = (long) height * resize / shortSide;
        int newWidth;
        int newHeight;
        if (coveredWidth * picture.height() >= coveredHeight * picture.width()) {
            newWidth = Math.toIntExact(coveredWidth);
            newHeight = Math.toIntExact(coveredWidth * picture.height() / picture.width());
        } else {
            newWidth = Math.toIntExact(coveredHeight * picture.width() / picture.height());
            newHeight = Math.toIntExact(coveredHeight);
        }
        // Halves go to the even side, as in Python's round().
        int x = (int) Math.rint((newWidth - width) / 2.0);
        int y = (int) Math.rint((newHeight - height) / 2.0);
        return new Placement(newWidth, newHeight, -x, -y);
    }

    private Placement padded(Picture picture) {
        double scale = Math.min((double) width / picture.width(), (double) height / picture.height());
        int newWidth = (int) Math.max(1, Math.min(width, Math.round(picture.width() * scale)));
        int newHeight = (int) Math.max(1, Math.min(height, Math.round(picture.height() * scale)));
        return new Placement(newWidth, newHeight, (width - newWidth) / 2, (height - newHeight) / 2);
    }

    /** Where a rectangle of the picture in the file comes to lie in {@link #view}; what is cut off is left out. */
    public Optional<Box> view(Box box, Picture given) {
        Picture picture = given.ofChannels(channels.count());
        Placement placed = placement(picture);
        double across = (double) placed.width() / picture.originalWidth();
        double down = (double) placed.height() / picture.originalHeight();
        double left = Math.max(0, placed.left() + box.left() * across);
        double right = Math.min(width, placed.left() + box.right() * across);
        double top = Math.max(0, placed.top() + box.top() * down);
        double bottom = Math.min(height, placed.top() + box.bottom() * down);
        return left < right && top < bottom ? Optional.of(new Box(left, top, right, bottom)) : Optional.empty();
    }

    /** Where a rectangle of {@link #view} lies in the decoded picture; beyond its border where the view is padded. */
    public Box inPicture(Box box, Picture given) {
        Picture picture = given.ofChannels(channels.count());
        Placement placed = placement(picture);
        double across = (double) picture.width() / placed.width();
        double down = (double) picture.height() / placed.height();
        return new Box(
                (box.left() - placed.left()) * across,
                (box.top() - placed.top()) * down,
                (box.right() - placed.left()) * across,
                (box.bottom() - placed.top()) * down);
    }

    /** The color nearest to the mean that is taken off, {@code 0xRRGGBB}. */
    public int meanColor() {
        int rgb = 0;
        for (int color = 0; color < 3; color++) {
            rgb = rgb << 8 | normalization.meanSample(channels.shown(color));
        }
        return rgb;
    }

    /**
     * One entry of an input tensor as a picture, values beyond black and white cut off: the inverse of {@link #apply} but
     * for the fit. Height and width may be any.
     */
    public Picture picture(Tensor tensor, int index) {
        if (tensor.rank() != 4 || tensor.dimension(layout.channelAxis()) != channels.count()) {
            throw new IllegalArgumentException(
                    "expected a tensor f32 " + layout + " with " + channels.count() + " channels, found " + tensor);
        }
        if (index < 0 || index >= tensor.dimension(0)) {
            throw new IllegalArgumentException("no entry " + index + " in " + tensor);
        }
        int tensorHeight = Math.toIntExact(tensor.dimension(layout.heightAxis()));
        int tensorWidth = Math.toIntExact(tensor.dimension(layout.widthAxis()));
        int pixels = tensorHeight * tensorWidth;
        float[] values = new float[channels.count() * pixels];
        tensor.floats().position(Math.multiplyExact(index, values.length)).get(values);
        byte[] rgb = new byte[3 * pixels];
        for (int pixel = 0; pixel < pixels; pixel++) {
            for (int color = 0; color < 3; color++) {
                int channel = channels.shown(color);
                int at = layout == Layout.NCHW ? channel * pixels + pixel : pixel * channels.count() + channel;
                rgb[3 * pixel + color] = (byte) normalization.sample(channel, values[at]);
            }
        }
        return Picture.wrap(tensorWidth, tensorHeight, rgb);
    }

    /** The input values of a color {@code 0xRRGGBB}, one a channel; channels that are no colors take its luminance. */
    public float[] values(int color) {
        int luminance = Picture.luminance(color);
        float[] values = new float[channels.count()];
        for (int channel = 0; channel < values.length; channel++) {
            values[channel] = normalization.value(channel, channels.sample(color, channel, luminance));
        }
        return values;
    }

    /** The input values of black, one a channel: the customary baseline of integrated gradients. */
    public float[] blackLevel() {
        return values(0x000000);
    }

    /** The least value that a picture gives in a channel. */
    public float minimum(int channel) {
        return normalization.value(channel, 0);
    }

    /** The greatest value that a picture gives in a channel. */
    public float maximum(int channel) {
        return normalization.value(channel, 255);
    }
}
