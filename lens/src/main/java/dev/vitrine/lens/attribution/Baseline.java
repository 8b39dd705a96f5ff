package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.setting.Labeled;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** The input that represents absence; for an input that is not a picture, black is 0 and white 1. */
public sealed interface Baseline extends Labeled, GraphKey {
    /** For provenance and options: {@code black}. */
    @Override
    String label();

    /** Emits the baseline of an image, broadcastable to it. */
    Value emit(Model model, GraphBuilder builder, Value image);

    /** A picture of one color. */
    record Color(String label, int rgb) implements Baseline {
        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            return builder.constant(perChannel(model, model.preprocessing().values(rgb)));
        }
    }

    /** Zero in preprocessed values: the mean color if the mean is subtracted. */
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

        @Override
        public String toString() {
            return label + " " + Digest.of(tensor.bytes());
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
            if (!model.takesPictures()) {
                throw PictureAttribution.refusal("baseline blur", model);
            }
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

    /** A constant, in preprocessed values. */
    record Constant(double value) implements Baseline {
        @Override
        public String label() {
            return Double.toString(value);
        }

        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            float[] values = new float[model.channels()];
            Arrays.fill(values, (float) value);
            return builder.constant(perChannel(model, values));
        }
    }

    /** The picture's own mean color. */
    record Mean() implements Baseline {
        @Override
        public String label() {
            return "mean";
        }

        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            Layout layout = model.preprocessing().layout();
            int rank = model.sampleShape().length;
            long[] axes = model.takesPictures()
                    ? new long[] {layout.heightAxis(), layout.widthAxis()}
                    : LongStream.range(Math.min(2, rank - 1), rank).toArray();
            return builder.node("ReduceMean", image, builder.vector(axes));
        }
    }

    /** Uniform noise between black and white, independent for each pixel and channel. */
    record Noise(long seed) implements Baseline {
        @Override
        public String label() {
            return "noise";
        }

        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            return builder.constant("noise", values(model));
        }

        /** In the input's shape, batch 1. */
        Tensor values(Model model) {
            float[] black = model.preprocessing().values(0x000000);
            float[] white = model.preprocessing().values(0xffffff);
            Layout layout = model.preprocessing().layout();
            long[] shape = model.sampleShape();
            int inner = Math.toIntExact(
                    model.takesPictures() && layout == Layout.NCHW
                            ? shape[layout.heightAxis()] * shape[layout.widthAxis()]
                            : 1);
            float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < values.length; i++) {
                int channel = i / inner % black.length;
                values[i] = (float) (black[channel] + random.nextDouble() * (white[channel] - black[channel]));
            }
            return Tensor.floats(values, shape);
        }
    }

    /** An input of the graph, given for each sample at run time. */
    record Told() implements Baseline {
        public static final Value INPUT = new Value("reference");

        @Override
        public String label() {
            return "given at run time";
        }

        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            return builder.input(INPUT.name(), model.graph().types().get(model.input()));
        }
    }

    /** Several inputs, each of batch size 1, for methods that average over baselines. */
    record Several(String label, List<Tensor> inputs) implements Baseline {
        public Several {
            inputs = List.copyOf(inputs);
            if (inputs.isEmpty()) {
                throw new IllegalArgumentException("no inputs");
            }
        }

        @Override
        public Value emit(Model model, GraphBuilder builder, Value image) {
            throw VitrineException.usage("The baseline '" + label + "' is " + inputs.size()
                    + " pictures; expected one. Methods that take several are expected-gradients and deep-lift-shap.");
        }

        @Override
        public String toString() {
            Digest contents = Digest.begin();
            inputs.forEach(input -> contents.add(input.bytes()));
            return label + " " + contents.hex();
        }
    }

    Baseline BLACK = new Color("black", 0x000000);
    Baseline GRAY = new Color("gray", 0x808080);
    Baseline WHITE = new Color("white", 0xffffff);
    Baseline ZERO = new Zero();
    Baseline BLUR = new Blurred(10);
    Baseline MEAN = new Mean();
    Baseline TOLD = new Told();

    private static Tensor perChannel(Model model, float[] values) {
        long[] shape = new long[model.sampleShape().length];
        Arrays.fill(shape, 1);
        if (model.takesPictures()) {
            shape[model.preprocessing().layout().channelAxis()] = values.length;
        }
        return Tensor.floats(values, shape);
    }
}
