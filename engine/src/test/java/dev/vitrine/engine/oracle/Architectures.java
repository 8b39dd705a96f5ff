package dev.vitrine.engine.oracle;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Layers.Feature;
import java.util.List;
import java.util.function.Supplier;

/**
 * Well-known networks with random weights: input {@code image} f32[N,3,pixels,pixels], output {@code logits}
 * f32[N,classes].
 *
 * <p>They have the published layers in the published order; {@link Size} scales channels, and where a parameter counts
 * blocks, depth.
 */
public final class Architectures {
    /**
     * How large a network is.
     *
     * @param width multiplies every published channel count, which is then rounded to a multiple of 4
     */
    public record Size(double width, int pixels, int classes, long seed) {
        /** What the weights were published for: 224 pixels and 1000 classes. */
        public static final Size FULL = new Size(1, 224, 1000, 1);

        /** 32 pixels and 10 classes. */
        public static Size tiny(double width) {
            return new Size(width, 32, 10, 1);
        }

        Size withPixels(int newPixels) {
            return new Size(width, newPixels, classes, seed);
        }

        int channels(double published) {
            return (int) Math.max(4, Math.round(published * width / 4) * 4);
        }
    }

    /** How Gelu is written: as one operator, or out of Erf as exporters before opset 20 do. */
    public enum GeluForm {
        OPERATOR,
        ERF
    }

    /** A network small enough for tests over the whole list. */
    public record Architecture(String name, Supplier<Graph> tiny) {
        @Override
        public String toString() {
            return name;
        }
    }

    public static final List<Architecture> ALL = List.of(
            new Architecture("alexnet", () -> alexNet(Size.tiny(1 / 16.0).withPixels(64), 2)),
            new Architecture("zfnet", () -> zfNet(Size.tiny(1 / 16.0).withPixels(64))),
            new Architecture("vgg16", () -> vgg16(Size.tiny(1 / 32.0))),
            new Architecture("vgg-small", () -> vgg(Size.tiny(1 / 32.0), 1, 1, 2)),
            new Architecture("googlenet", () -> googLeNet(Size.tiny(1 / 16.0))),
            new Architecture("resnet18", () -> resNet18(Size.tiny(1 / 16.0))),
            new Architecture("resnet50", () -> resNet50(Size.tiny(1 / 32.0))),
            new Architecture("densenet", () -> denseNet(Size.tiny(1 / 4.0), 2, 2, 3, 2)),
            new Architecture("squeezenet", () -> squeezeNet(Size.tiny(1 / 8.0))),
            new Architecture("mobilenet-v2", () -> mobileNetV2(Size.tiny(1 / 8.0))),
            new Architecture("mobilenet-v3", () -> mobileNetV3(Size.tiny(1 / 8.0))),
            new Architecture("shufflenet-v2", () -> shuffleNetV2(Size.tiny(1 / 8.0))),
            new Architecture("efficientnet", () -> efficientNet(Size.tiny(1 / 8.0))),
            new Architecture("convnext", () -> convNeXt(Size.tiny(1 / 16.0), 1, 1, 2, 1)),
            new Architecture("vit-gelu", () -> vit(Size.tiny(1 / 16.0), 8, 4, 2, GeluForm.OPERATOR)),
            new Architecture("vit-erf", () -> vit(Size.tiny(1 / 16.0), 8, 4, 2, GeluForm.ERF)));

    private Architectures() {}

    /** Krizhevsky et al. 2012, doi:10.1145/3065386; {@code groups} is 2 in the paper. */
    public static Graph alexNet(Size size, int groups) {
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.relu(layers.conv(x, size.channels(96), 11, 4, 2, 1));
        x = layers.maxPool(layers.localResponse(x, 2), 3, 2, 0, 0);
        x = layers.relu(layers.conv(x, size.channels(256), 5, 1, 2, groups));
        x = layers.maxPool(layers.localResponse(x, 2), 3, 2, 0, 0);
        x = layers.relu(layers.conv(x, size.channels(384), 3, 1, 1, 1));
        x = layers.relu(layers.conv(x, size.channels(384), 3, 1, 1, groups));
        x = layers.relu(layers.conv(x, size.channels(256), 3, 1, 1, groups));
        x = layers.maxPool(x, 3, 2, 0, 0);
        return threeDense(layers, x, size);
    }

    private static Graph threeDense(Layers layers, Feature x, Size size) {
        x = layers.flatten(x);
        x = layers.dropout(layers.relu(layers.dense(x, size.channels(4096))));
        x = layers.dropout(layers.relu(layers.dense(x, size.channels(4096))));
        return layers.logits(x, size.classes());
    }

    /** Zeiler and Fergus 2014, doi:10.1007/978-3-319-10590-1_53. */
    public static Graph zfNet(Size size) {
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.relu(layers.conv(x, size.channels(96), 7, 2, 1, 1));
        x = layers.localResponse(layers.maxPool(x, 3, 2, 1, 0), 2);
        x = layers.relu(layers.conv(x, size.channels(256), 5, 2, 0, 1));
        x = layers.localResponse(layers.maxPool(x, 3, 2, 1, 0), 2);
        x = layers.relu(layers.conv(x, size.channels(384), 3, 1, 1, 1));
        x = layers.relu(layers.conv(x, size.channels(384), 3, 1, 1, 1));
        x = layers.relu(layers.conv(x, size.channels(256), 3, 1, 1, 1));
        x = layers.maxPool(x, 3, 2, 0, 0);
        return threeDense(layers, x, size);
    }

    /** Simonyan and Zisserman 2015, arXiv:1409.1556, configuration D. */
    public static Graph vgg16(Size size) {
        return vgg(size, 2, 2, 3, 3, 3);
    }

    /** VGG with this many convolutions in each stage. */
    public static Graph vgg(Size size, int... stages) {
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        for (int stage = 0; stage < stages.length; stage++) {
            layers.scope("stage" + (stage + 1));
            for (int i = 0; i < stages[stage]; i++) {
                x = layers.relu(layers.conv(x, size.channels(64 << Math.min(3, stage)), 3, 1, 1, 1));
            }
            x = layers.maxPool(x, 2, 2, 0, 0);
        }
        layers.scope("");
        return threeDense(layers, x, size);
    }

    /** Szegedy et al. 2015, arXiv:1409.4842, without the auxiliary classifiers. */
    public static Graph googLeNet(Size size) {
        int[][] inceptions = {
            {64, 96, 128, 16, 32, 32},
            {128, 128, 192, 32, 96, 64},
            {},
            {192, 96, 208, 16, 48, 64},
            {160, 112, 224, 24, 64, 64},
            {128, 128, 256, 24, 64, 64},
            {112, 144, 288, 32, 64, 64},
            {256, 160, 320, 32, 128, 128},
            {},
            {256, 160, 320, 32, 128, 128},
            {384, 192, 384, 48, 128, 128}
        };
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.relu(layers.conv(x, size.channels(64), 7, 2, 3, 1));
        x = layers.localResponse(layers.maxPool(x, 3, 2, 0, 1), 1);
        x = layers.relu(layers.conv(x, size.channels(64), 1, 1, 0, 1));
        x = layers.relu(layers.conv(x, size.channels(192), 3, 1, 1, 1));
        x = layers.maxPool(layers.localResponse(x, 1), 3, 2, 0, 1);
        for (int i = 0; i < inceptions.length; i++) {
            layers.scope("inception" + i);
            int[] c = inceptions[i];
            x = c.length == 0 ? layers.maxPool(x, 3, 2, 0, 1) : inception(layers, x, size, c);
        }
        layers.scope("");
        return layers.logits(layers.dropout(layers.flatten(layers.globalAverage(x))), size.classes());
    }

    private static Feature inception(Layers layers, Feature x, Size size, int[] published) {
        Feature one = layers.relu(layers.conv(x, size.channels(published[0]), 1, 1, 0, 1));
        Feature three = layers.relu(layers.conv(x, size.channels(published[1]), 1, 1, 0, 1));
        three = layers.relu(layers.conv(three, size.channels(published[2]), 3, 1, 1, 1));
        Feature five = layers.relu(layers.conv(x, size.channels(published[3]), 1, 1, 0, 1));
        five = layers.relu(layers.conv(five, size.channels(published[4]), 5, 1, 2, 1));
        Feature pooled = layers.maxPool(x, 3, 1, 1, 0);
        pooled = layers.relu(layers.conv(pooled, size.channels(published[5]), 1, 1, 0, 1));
        return layers.concat(one, three, five, pooled);
    }

    /** He et al. 2016, arXiv:1512.03385: basic blocks. */
    public static Graph resNet18(Size size) {
        Layers layers = new Layers(size.seed());
        Feature x = residualStem(layers, size);
        for (int stage = 0; stage < 4; stage++) {
            for (int block = 0; block < 2; block++) {
                layers.scope("layer" + (stage + 1) + "/" + block);
                int stride = stage > 0 && block == 0 ? 2 : 1;
                int channels = size.channels(64 << stage);
                Feature branch = layers.relu(layers.convNorm(x, channels, 3, stride, 1, 1));
                branch = layers.batchNorm(layers.convPlain(branch, channels, 3, 1, 1, 1), .5);
                x = layers.relu(layers.add(branch, shortcut(layers, x, channels, stride)));
            }
        }
        layers.scope("");
        return layers.logits(layers.flatten(layers.globalAverage(x)), size.classes());
    }

    /** He et al. 2016, arXiv:1512.03385: bottleneck blocks, the stride in the 3×3 convolution. */
    public static Graph resNet50(Size size) {
        int[] blocks = {3, 4, 6, 3};
        Layers layers = new Layers(size.seed());
        Feature x = residualStem(layers, size);
        for (int stage = 0; stage < blocks.length; stage++) {
            for (int block = 0; block < blocks[stage]; block++) {
                layers.scope("layer" + (stage + 1) + "/" + block);
                int stride = stage > 0 && block == 0 ? 2 : 1;
                int narrow = size.channels(64 << stage);
                int wide = size.channels(256 << stage);
                Feature branch = layers.relu(layers.convNorm(x, narrow, 1, 1, 0, 1));
                branch = layers.relu(layers.convNorm(branch, narrow, 3, stride, 1, 1));
                branch = layers.batchNorm(layers.convPlain(branch, wide, 1, 1, 0, 1), .5);
                x = layers.relu(layers.add(branch, shortcut(layers, x, wide, stride)));
            }
        }
        layers.scope("");
        return layers.logits(layers.flatten(layers.globalAverage(x)), size.classes());
    }

    private static Feature residualStem(Layers layers, Size size) {
        Feature x = layers.image(size.pixels());
        return layers.maxPool(layers.relu(layers.convNorm(x, size.channels(64), 7, 2, 3, 1)), 3, 2, 1, 0);
    }

    private static Feature shortcut(Layers layers, Feature x, int channels, int stride) {
        boolean same = x.channels() == channels && stride == 1;
        return same ? x : layers.convNorm(x, channels, 1, stride, 0, 1);
    }

    /** Huang et al. 2017, arXiv:1608.06993; 6, 12, 24, 16 blocks make DenseNet-121. */
    public static Graph denseNet(Size size, int... blocks) {
        int growth = size.channels(32);
        Layers layers = new Layers(size.seed());
        Feature x = residualStem(layers, size);
        for (int stage = 0; stage < blocks.length; stage++) {
            for (int block = 0; block < blocks[stage]; block++) {
                layers.scope("dense" + (stage + 1) + "/" + block);
                Feature grown = layers.relu(layers.batchNorm(x, 1));
                grown = layers.relu(layers.convNorm(grown, 4 * growth, 1, 1, 0, 1));
                x = layers.concat(x, layers.convPlain(grown, growth, 3, 1, 1, 1));
            }
            layers.scope("transition" + (stage + 1));
            x = layers.relu(layers.batchNorm(x, 1));
            if (stage < blocks.length - 1) {
                x = layers.convPlain(x, x.channels() / 2, 1, 1, 0, 1);
                x = x.height() > 1 ? layers.averagePool(x, 2, 2) : x;
            }
        }
        layers.scope("");
        return layers.logits(layers.flatten(layers.globalAverage(x)), size.classes());
    }

    /** Iandola et al. 2016, arXiv:1602.07360, version 1.1. */
    public static Graph squeezeNet(Size size) {
        int[] squeezes = {16, 16, 0, 32, 32, 0, 48, 48, 64, 64};
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.maxPool(layers.relu(layers.conv(x, size.channels(64), 3, 2, 0, 1)), 3, 2, 0, 1);
        for (int i = 0; i < squeezes.length; i++) {
            layers.scope("fire" + i);
            if (squeezes[i] == 0) {
                x = layers.maxPool(x, 3, 2, 0, 1);
            } else {
                Feature squeezed = layers.relu(layers.conv(x, size.channels(squeezes[i]), 1, 1, 0, 1));
                int expanded = size.channels(4 * squeezes[i]);
                x = layers.concat(
                        layers.relu(layers.conv(squeezed, expanded, 1, 1, 0, 1)),
                        layers.relu(layers.conv(squeezed, expanded, 3, 1, 1, 1)));
            }
        }
        layers.scope("");
        x = layers.conv(layers.dropout(x), size.classes(), 1, 1, 0, 1);
        x = layers.globalAverage(layers.relu(x));
        return layers.finish(
                "Reshape", Attributes.NONE, x.value(), layers.builder().vector(0, size.classes()));
    }

    /** Sandler et al. 2018, arXiv:1801.04381. */
    public static Graph mobileNetV2(Size size) {
        int[][] stages = {
            {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
        };
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.relu6(layers.convNorm(x, size.channels(32), 3, 2, 1, 1));
        for (int stage = 0; stage < stages.length; stage++) {
            for (int block = 0; block < stages[stage][2]; block++) {
                layers.scope("stage" + (stage + 1) + "/" + block);
                int stride = block == 0 ? stages[stage][3] : 1;
                int channels = size.channels(stages[stage][1]);
                Feature branch = x;
                if (stages[stage][0] > 1) {
                    branch = layers.relu6(layers.convNorm(branch, x.channels() * stages[stage][0], 1, 1, 0, 1));
                }
                branch = layers.relu6(layers.convNorm(branch, branch.channels(), 3, stride, 1, branch.channels()));
                branch = layers.convNorm(branch, channels, 1, 1, 0, 1);
                x = stride == 1 && channels == x.channels() ? layers.add(branch, x) : branch;
            }
        }
        layers.scope("");
        x = layers.relu6(layers.convNorm(x, size.channels(1280), 1, 1, 0, 1));
        return layers.logits(layers.dropout(layers.flatten(layers.globalAverage(x))), size.classes());
    }

    /** Howard et al. 2019, arXiv:1905.02244, the small one. */
    public static Graph mobileNetV3(Size size) {
        // kernel, expanded, out, squeeze-and-excitation, hard-swish, stride
        int[][] blocks = {
            {3, 16, 16, 1, 0, 2},
            {3, 72, 24, 0, 0, 2},
            {3, 88, 24, 0, 0, 1},
            {5, 96, 40, 1, 1, 2},
            {5, 240, 40, 1, 1, 1},
            {5, 240, 40, 1, 1, 1},
            {5, 120, 48, 1, 1, 1},
            {5, 144, 48, 1, 1, 1},
            {5, 288, 96, 1, 1, 2},
            {5, 576, 96, 1, 1, 1},
            {5, 576, 96, 1, 1, 1}
        };
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.hardSwish(layers.convNorm(x, size.channels(16), 3, 2, 1, 1));
        for (int i = 0; i < blocks.length; i++) {
            layers.scope("block" + i);
            int[] block = blocks[i];
            int expanded = size.channels(block[1]);
            Feature branch = x;
            if (i > 0) {
                branch = layers.convNorm(branch, expanded, 1, 1, 0, 1);
                branch = block[4] == 1 ? layers.hardSwish(branch) : layers.relu(branch);
            }
            branch = layers.convNorm(branch, branch.channels(), block[0], block[5], block[0] / 2, branch.channels());
            branch = block[4] == 1 ? layers.hardSwish(branch) : layers.relu(branch);
            if (block[3] == 1) {
                Feature gate = layers.globalAverage(branch);
                gate = layers.relu(layers.conv(gate, roundedToEights(branch.channels() / 4), 1, 1, 0, 1));
                gate = layers.conv(gate, branch.channels(), 1, 1, 0, 1);
                branch = layers.mul(branch, layers.hardSigmoid(gate));
            }
            branch = layers.convNorm(branch, size.channels(block[2]), 1, 1, 0, 1);
            x = block[5] == 1 && branch.channels() == x.channels() ? layers.add(branch, x) : branch;
        }
        layers.scope("");
        x = layers.hardSwish(layers.convNorm(x, size.channels(576), 1, 1, 0, 1));
        x = layers.flatten(layers.globalAverage(x));
        x = layers.dropout(layers.hardSwish(layers.dense(x, size.channels(1024))));
        return layers.logits(x, size.classes());
    }

    private static int roundedToEights(int channels) {
        return Math.max(8, (channels + 4) / 8 * 8);
    }

    /** Ma et al. 2018, arXiv:1807.11164: channel split, and channel shuffle by Reshape, Transpose, Reshape. */
    public static Graph shuffleNetV2(Size size) {
        int[] channels = {116, 232, 464};
        int[] repeats = {4, 8, 4};
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.relu(layers.convNorm(x, size.channels(24), 3, 2, 1, 1));
        x = layers.maxPool(x, 3, 2, 1, 0);
        for (int stage = 0; stage < channels.length; stage++) {
            int half = size.channels(channels[stage]) / 2;
            for (int block = 0; block < repeats[stage]; block++) {
                layers.scope("stage" + (stage + 2) + "/" + block);
                int stride = block == 0 ? 2 : 1;
                Feature left = x;
                Feature right = x;
                if (stride == 1) {
                    List<Feature> halves = layers.halves(x);
                    left = halves.get(0);
                    right = halves.get(1);
                } else {
                    left = layers.convNorm(left, left.channels(), 3, stride, 1, left.channels());
                    left = layers.relu(layers.convNorm(left, half, 1, 1, 0, 1));
                }
                right = layers.relu(layers.convNorm(right, half, 1, 1, 0, 1));
                right = layers.convNorm(right, half, 3, stride, 1, half);
                right = layers.relu(layers.convNorm(right, half, 1, 1, 0, 1));
                x = layers.shuffle(layers.concat(left, right), 2);
            }
        }
        layers.scope("");
        x = layers.relu(layers.convNorm(x, size.channels(1024), 1, 1, 0, 1));
        return layers.logits(layers.flatten(layers.globalAverage(x)), size.classes());
    }

    /** Tan and Le 2019, arXiv:1905.11946, B0. */
    public static Graph efficientNet(Size size) {
        // expansion, out, repeats, stride, kernel
        int[][] stages = {
            {1, 16, 1, 1, 3},
            {6, 24, 2, 2, 3},
            {6, 40, 2, 2, 5},
            {6, 80, 3, 2, 3},
            {6, 112, 3, 1, 5},
            {6, 192, 4, 2, 5},
            {6, 320, 1, 1, 3}
        };
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.swish(layers.convNorm(x, size.channels(32), 3, 2, 1, 1));
        for (int stage = 0; stage < stages.length; stage++) {
            int[] published = stages[stage];
            for (int block = 0; block < published[2]; block++) {
                layers.scope("stage" + (stage + 1) + "/" + block);
                int stride = block == 0 ? published[3] : 1;
                Feature branch = x;
                if (published[0] > 1) {
                    branch = layers.swish(layers.convNorm(branch, x.channels() * published[0], 1, 1, 0, 1));
                }
                int wide = branch.channels();
                branch = layers.swish(layers.convNorm(branch, wide, published[4], stride, published[4] / 2, wide));
                Feature gate = layers.globalAverage(branch);
                gate = layers.swish(layers.conv(gate, Math.max(1, x.channels() / 4), 1, 1, 0, 1));
                branch = layers.mul(branch, layers.sigmoid(layers.conv(gate, wide, 1, 1, 0, 1)));
                branch = layers.convNorm(branch, size.channels(published[1]), 1, 1, 0, 1);
                x = stride == 1 && branch.channels() == x.channels() ? layers.add(branch, x) : branch;
            }
        }
        layers.scope("");
        x = layers.swish(layers.convNorm(x, size.channels(1280), 1, 1, 0, 1));
        return layers.logits(layers.dropout(layers.flatten(layers.globalAverage(x))), size.classes());
    }

    /** Liu et al. 2022, arXiv:2201.03545; 3, 3, 9, 3 blocks make ConvNeXt-T. */
    public static Graph convNeXt(Size size, int... blocks) {
        Layers layers = new Layers(size.seed());
        Feature x = layers.image(size.pixels());
        x = layers.conv(x, size.channels(96), 4, 4, 0, 1);
        x = layers.channelsFirst(layers.layerNorm(layers.channelsLast(x), 1e-6f));
        for (int stage = 0; stage < blocks.length; stage++) {
            int channels = size.channels(96 << stage);
            if (stage > 0) {
                layers.scope("downsample" + stage);
                x = layers.channelsFirst(layers.layerNorm(layers.channelsLast(x), 1e-6f));
                x = layers.conv(x, channels, 2, 2, 0, 1);
            }
            for (int block = 0; block < blocks[stage]; block++) {
                layers.scope("stage" + (stage + 1) + "/" + block);
                Feature branch = layers.conv(x, channels, 7, 1, 3, channels);
                branch = layers.layerNorm(layers.channelsLast(branch), 1e-6f);
                branch = layers.gelu(layers.linear(branch, 4 * channels), GeluForm.OPERATOR);
                branch = layers.layerScale(layers.linear(branch, channels));
                x = layers.add(x, layers.channelsFirst(branch));
            }
        }
        layers.scope("");
        x = layers.flatten(layers.globalAverage(x));
        return layers.logits(layers.layerNorm(x, 1e-6f), size.classes());
    }

    /** Dosovitskiy et al. 2021, arXiv:2010.11929; patches of 16 pixels, 12 heads and 12 blocks make ViT-B/16. */
    public static Graph vit(Size size, int patch, int heads, int blocks, GeluForm gelu) {
        Layers layers = new Layers(size.seed());
        int dimension = size.channels(768);
        Feature x = layers.image(size.pixels());
        Value image = x.value();
        x = layers.tokens(layers.conv(x, dimension, patch, patch, 0, 1));
        x = layers.classTokenAndPositions(x, image);
        for (int block = 0; block < blocks; block++) {
            layers.scope("block" + block);
            x = layers.add(x, layers.attention(layers.layerNorm(x, 1e-6f), heads));
            Feature branch = layers.linear(layers.layerNorm(x, 1e-6f), 4 * dimension);
            x = layers.add(x, layers.linear(layers.gelu(branch, gelu), dimension));
        }
        layers.scope("");
        x = layers.firstToken(layers.layerNorm(x, 1e-6f));
        return layers.logits(x, size.classes());
    }
}
