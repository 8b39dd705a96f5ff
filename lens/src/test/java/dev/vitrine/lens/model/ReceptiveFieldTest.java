package dev.vitrine.lens.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.head.Head;
import dev.vitrine.lens.model.head.OutputCard;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the truth: each pixel is changed alone, and the places of the last layer that follow are noted. */
class ReceptiveFieldTest {
    private static final int HEIGHT = 30;
    private static final int WIDTH = 36;
    /** With dilation, the outermost pixel of a field that is cut off may lie this far inside. */
    private static final int EDGE = 4;

    private enum Net {
        STRIDES_AND_DILATIONS {
            @Override
            Value build(Builder net, Value x) {
                Value strided =
                        net.convolution(x, 1, 3, 3, "strides", new long[] {2, 1}, "pads", new long[] {1, 1, 1, 1});
                return net.convolution(
                        strided, 2, 3, 2, "dilations", new long[] {1, 3}, "pads", new long[] {1, 0, 1, 3});
            }
        },
        POOLS {
            @Override
            Value build(Builder net, Value x) {
                Value most = net.window(
                        "MaxPool",
                        x,
                        "kernel_shape",
                        new long[] {3, 3},
                        "strides",
                        new long[] {2, 2},
                        "pads",
                        new long[] {1, 1, 1, 1});
                Value tall = net.convolution(most, 1, 5, 1, "pads", new long[] {2, 0, 2, 0});
                return net.window("AveragePool", tall, "kernel_shape", new long[] {2, 3}, "strides", new long[] {1, 2});
            }
        },
        BRANCHES_CONCATENATED {
            @Override
            Value build(Builder net, Value x) {
                Value narrow = net.convolution(x, 1, 1, 1);
                Value wide = net.convolution(x, 1, 5, 3, "pads", new long[] {2, 1, 2, 1});
                Value both = net.graph.node("Concat", Attributes.NONE.with("axis", 1), narrow, wide);
                return net.window("MaxPool", both, "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
            }
        },
        BRANCHES_ADDED {
            @Override
            Value build(Builder net, Value x) {
                return block(net, block(net, x, 1), 2);
            }

            private Value block(Builder net, Value x, long channels) {
                Value body = net.convolution(
                        x, channels, 3, 3, "strides", new long[] {2, 2}, "pads", new long[] {1, 1, 1, 1});
                Value shortcut = net.convolution(x, channels, 1, 1, "strides", new long[] {2, 2});
                return net.graph.node("Relu", net.graph.node("Add", body, shortcut));
            }
        },
        BRANCHES_BESIDE_EACH_OTHER {
            @Override
            Value build(Builder net, Value x) {
                Value left = net.convolution(x, 1, 3, 3, "pads", new long[] {2, 2, 0, 0});
                Value right = net.convolution(x, 1, 3, 3, "pads", new long[] {0, 0, 2, 2});
                return net.graph.node("Add", left, right);
            }
        },
        SAME_PADDING {
            @Override
            Value build(Builder net, Value x) {
                Value upper = net.window(
                        "MaxPool",
                        x,
                        "kernel_shape",
                        new long[] {2, 4},
                        "strides",
                        new long[] {2, 2},
                        "auto_pad",
                        "SAME_UPPER");
                return net.convolution(upper, 1, 3, 3, "auto_pad", "SAME_LOWER");
            }
        },
        PADDED_THEN_CUT {
            @Override
            Value build(Builder net, Value x) {
                Value padded = net.graph.node("Pad", x, net.graph.vector(0, 0, 1, 2, 0, 0, 1, 2));
                Value wide = net.convolution(padded, 1, 3, 5);
                return net.graph.node(
                        "Slice",
                        wide,
                        net.graph.vector(2, 3),
                        net.graph.vector(1000, 1000),
                        net.graph.vector(2, 3),
                        net.graph.vector(2, 3));
            }
        },
        SPACE_TO_DEPTH {
            @Override
            Value build(Builder net, Value x) {
                Value blocks = net.graph.node("SpaceToDepth", Attributes.NONE.with("blocksize", 3), x);
                return net.convolution(blocks, 9, 3, 3, "pads", new long[] {1, 1, 1, 1});
            }
        };

        abstract Value build(Builder net, Value x);
    }

    /** Adds layers of positive weights, so that what a pixel adds is never taken away again. */
    private record Builder(GraphBuilder graph) {
        Value convolution(Value x, long channels, long height, long width, Object... attributes) {
            float[] weights = new float[Math.toIntExact(2 * channels * height * width)];
            Arrays.fill(weights, 0.25f);
            Value kernel = graph.constant(Tensor.floats(weights, 2, channels, height, width));
            return graph.node("Conv", attributes(attributes), x, kernel);
        }

        Value window(String operator, Value x, Object... attributes) {
            return graph.node(operator, attributes(attributes), x);
        }

        private static Attributes attributes(Object... pairs) {
            Attributes attributes = Attributes.NONE;
            for (int index = 0; index < pairs.length; index += 2) {
                String name = (String) pairs[index];
                attributes = pairs[index + 1] instanceof long[] numbers
                        ? attributes.with(name, numbers)
                        : attributes.with(name, (String) pairs[index + 1]);
            }
            return attributes;
        }
    }

    /** First and last pixel, along one axis, that changes each place. */
    private record Reach(int[] first, int[] last) {
        static Reach none(int places) {
            int[] first = new int[places];
            Arrays.fill(first, Integer.MAX_VALUE);
            return new Reach(first, new int[places]);
        }

        void add(int place, int pixel) {
            first[place] = Math.min(first[place], pixel);
            last[place] = Math.max(last[place], pixel);
        }

        /** Places whose field is not cut off by the picture's edge must agree with what was computed. */
        void agreesWith(long size, double stride, int pixels, double begin) {
            int inner = 0;
            for (int place = 1; place + 1 < first.length; place++) {
                boolean cut = first[place - 1] < EDGE || last[place + 1] >= pixels - EDGE;
                if (!cut) {
                    inner++;
                    assertThat(last[place] - first[place] + 1)
                            .as("pixels that reach place %d", place)
                            .isEqualTo((int) size);
                    assertThat((double) first[place])
                            .as("first pixel that reaches place %d", place)
                            .isEqualTo(Math.floor(begin + place * stride));
                    assertThat(first[place + 1] - first[place])
                            .as("pixels from place %d to the next", place)
                            .isEqualTo((int) stride);
                }
            }
            assertThat(inner).as("places away from the edge").isGreaterThan(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithChangingOnePixelAtATime(Net net) {
        GraphBuilder builder = new GraphBuilder();
        TensorType type = new TensorType(
                ElementType.FLOAT32,
                List.of(Dimension.named("N"), Dimension.of(1), Dimension.of(HEIGHT), Dimension.of(WIDTH)));
        Value input = builder.input("picture", type);
        Value output = net.build(new Builder(builder), input);
        Graph graph = TypeInference.infer(builder.output(output).build());
        ReceptiveField field = ReceptiveField.of(model(graph)).get(output);

        assertThat(field.kind()).isEqualTo(ReceptiveField.Kind.WINDOW);
        ReceptiveField.Reach window = field.window().orElseThrow();
        Reach[] reach = reach(graph);
        reach[0].agreesWith(window.height(), window.strideY(), HEIGHT, window.firstY());
        reach[1].agreesWith(window.width(), window.strideX(), WIDTH, window.firstX());
    }

    private static Model model(Graph graph) {
        Preprocessing preprocessing = new Preprocessing(
                WIDTH,
                HEIGHT,
                Fit.SQUASH,
                Resampling.BILINEAR,
                ChannelOrder.GRAY,
                Layout.NCHW,
                Normalization.range(0, 1, 1));
        ModelCard card = new ModelCard("net", preprocessing, Labels.NONE, OutputCard.NONE, "", "", List.of());
        Value output = graph.outputs().get(0);
        return new Model(
                "net", Sha256.known(""), graph, graph.inputs().get(0), output, output, Head.classes(output, 1), card);
    }

    /** Down and across: a batch holds each picture that is black but for one pixel. */
    private static Reach[] reach(Graph graph) {
        int pixels = HEIGHT * WIDTH;
        float[] pictures = new float[pixels * pixels];
        for (int pixel = 0; pixel < pixels; pixel++) {
            pictures[pixel * pixels + pixel] = 1;
        }
        Tensor found;
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
                Executable executable = runner.load(graph)) {
            found = executable
                    .run(Map.of(graph.inputs().get(0), Tensor.floats(pictures, pixels, 1, HEIGHT, WIDTH)))
                    .get(graph.outputs().get(0));
        }
        float[] values = found.toFloats();
        int height = Math.toIntExact(found.dimension(2));
        int width = Math.toIntExact(found.dimension(3));
        Reach down = Reach.none(height);
        Reach across = Reach.none(width);
        int each = values.length / pixels;
        for (int index = 0; index < values.length; index++) {
            if (values[index] != 0) {
                int pixel = index / each;
                down.add(index / width % height, pixel / WIDTH);
                across.add(index % width, pixel % WIDTH);
            }
        }
        return new Reach[] {down, across};
    }
}
