package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Layout;
import dev.vitrine.lens.model.Model;
import java.util.Arrays;

/** The input that stands for "nothing there". */
public sealed interface Baseline {
    /** For provenance and options: {@code black}. */
    String label();

    /** Writes the baseline of an image, broadcastable to it. */
    Value emit(Model model, GraphBuilder builder, Value image);

    /** A picture of one colour. */
    record Colour(String label, int rgb) implements Baseline {
        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            return builder.constant(perChannel(model, model.preprocessing().values(rgb)));
        }
    }

    /** Zero in the network's own units: the mean colour where the mean is subtracted. */
    record Zero() implements Baseline {
        @Override
        public String label() {
            return "zero";
        }

        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            return builder.constant(perChannel(model, new float[model.channels()]));
        }
    }

    /** A tensor of the input's shape, batch 1. */
    record Given(String label, Tensor tensor) implements Baseline {
        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            return builder.constant("baseline", tensor);
        }
    }

    /** The image itself, blurred by a Gaussian. */
    record Blurred(double sigmaPixels) implements Baseline {
        @Override
        public String label() {
            return "blur";
        }

        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            if (model.preprocessing().layout() == Layout.NHWC) {
                Value planes = builder.node("Transpose", Attributes.NONE.with("perm", 0, 3, 1, 2), image);
                return builder.node(
                        "Transpose", Attributes.NONE.with("perm", 0, 2, 3, 1), blurred(model, builder, planes));
            }
            return blurred(model, builder, image);
        }

        private Value blurred(Model model, GraphBuilder builder, Value planes) {
            int reach = (int) Math.ceil(3 * sigmaPixels);
            float[] kernel = new float[2 * reach + 1];
            double total = 0;
            for (int i = 0; i < kernel.length; i++) {
                kernel[i] = (float) Math.exp(-0.5 * Math.pow((i - reach) / sigmaPixels, 2));
                total += kernel[i];
            }
            int channels = model.channels();
            float[] all = new float[channels * kernel.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = (float) (kernel[i % kernel.length] / total);
            }
            Value pads = builder.vector(0, 0, reach, reach, 0, 0, reach, reach);
            Value padded = builder.node("Pad", Attributes.NONE.with("mode", "edge"), planes, pads);
            Attributes depthwise = Attributes.NONE.with("group", channels);
            Value down = builder.node(
                    "Conv", depthwise, padded, builder.constant(Tensor.floats(all, channels, 1, kernel.length, 1)));
            return builder.node(
                    "Conv", depthwise, down, builder.constant(Tensor.floats(all, channels, 1, 1, kernel.length)));
        }
    }

    Baseline BLACK = new Colour("black", 0x000000);
    Baseline GREY = new Colour("grey", 0x808080);
    Baseline WHITE = new Colour("white", 0xffffff);
    Baseline ZERO = new Zero();
    Baseline BLUR = new Blurred(10);

    private static Tensor perChannel(Model model, float[] values) {
        long[] shape = new long[4];
        Arrays.fill(shape, 1);
        shape[model.preprocessing().layout().channelAxis()] = values.length;
        return Tensor.floats(values, shape);
    }
}
