package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.attribution.gradient.LayerwiseRelevance;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods on a network of two layers, against their formulas written out in double precision. */
class LayerNumbersTest {
    private static final int SIDE = 4;
    private static final int PLACES = SIDE * SIDE;
    private static final int MAPS = 5;
    private static final int INPUTS = 3 * PLACES;
    private static final int HIDDEN = MAPS * PLACES;
    private static final int CLASSES = 3;
    private static final int TARGET = 1;

    private final Tensor kernel = Nets.normal(20, MAPS, 3, 3, 3);
    private final Tensor kernelBias = Nets.normal(21, MAPS);
    private final Tensor dense = Nets.normal(22, CLASSES, HIDDEN);
    private final Tensor pooledDense = Nets.normal(23, CLASSES, MAPS);
    private final Tensor denseBias = Nets.normal(24, CLASSES);

    /** Conv 3×3 with padding, Relu, and a dense layer on all places or, for {@code pooled}, on their means. */
    private Graph network(Tensor head) {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input(
                "image",
                TensorType.of(ElementType.FLOAT32, 1, 3, SIDE, SIDE).withDimension(0, Dimension.named("batch")));
        Value maps = b.node(
                "Relu",
                b.node(
                        "Conv",
                        Attributes.NONE.with("pads", 1, 1, 1, 1),
                        image,
                        b.constant("kernel", kernel),
                        b.constant("kernel.bias", kernelBias)));
        Value rows = b.node("Flatten", head == pooledDense ? b.node("GlobalAveragePool", maps) : maps);
        Value logits = b.node(
                "Gemm",
                Attributes.NONE.with("transB", 1),
                rows,
                b.constant("head", head),
                b.constant("head.bias", denseBias));
        return b.output(logits).build();
    }

    /** The convolution as a matrix, {@code [HIDDEN][INPUTS]}. */
    private double[][] convolution() {
        float[] weights = kernel.toFloats();
        double[][] matrix = new double[HIDDEN][INPUTS];
        for (int out = 0; out < HIDDEN; out++) {
            int row = out % PLACES / SIDE;
            int column = out % SIDE;
            for (int in = 0; in < INPUTS; in++) {
                int down = in % PLACES / SIDE - row + 1;
                int right = in % SIDE - column + 1;
                if (down >= 0 && down < 3 && right >= 0 && right < 3) {
                    matrix[out][in] = weights[((out / PLACES * 3 + in / PLACES) * 3 + down) * 3 + right];
                }
            }
        }
        return matrix;
    }

    private double[] spreadBias() {
        double[] bias = new double[HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            bias[i] = kernelBias.floats().get(i / PLACES);
        }
        return bias;
    }

    private static double[][] matrix(Tensor tensor) {
        int columns = (int) tensor.dimension(1);
        double[] all = Nets.doubles(tensor);
        double[][] rows = new double[(int) tensor.dimension(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = java.util.Arrays.copyOfRange(all, i * columns, (i + 1) * columns);
        }
        return rows;
    }

    private static double[] forward(double[][] w, double[] b, double[] x) {
        double[] y = b.clone();
        for (int o = 0; o < y.length; o++) {
            for (int i = 0; i < x.length; i++) {
                y[o] += w[o][i] * x[i];
            }
        }
        return y;
    }

    private static double[] map(double[] x, DoubleUnaryOperator f) {
        return java.util.Arrays.stream(x).map(f).toArray();
    }

    private static double[] explain(Model model, Attribution method, Tensor image) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return Nets.doubles(session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(image, ModelSession.targets(TARGET), Progress.NONE)
                    .attribution());
        }
    }

    @ParameterizedTest
    @EnumSource
    void activationMaps(ClassActivationMap.Variant variant) {
        Tensor head = variant == ClassActivationMap.Variant.CAM ? pooledDense : dense;
        Model model = Nets.open("two-layers", network(head));
        Tensor image = Nets.normal(25, 1, 3, SIDE, SIDE);
        double[] a = map(forward(convolution(), spreadBias(), Nets.doubles(image)), v -> Math.max(v, 0));
        double[] g = new double[HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            g[i] = head == dense ? matrix(dense)[TARGET][i] : matrix(pooledDense)[TARGET][i / PLACES] / PLACES;
        }
        double[] expected = variant == ClassActivationMap.Variant.EIGEN ? eigen(a) : new double[PLACES];
        for (int c = 0; c < MAPS && variant != ClassActivationMap.Variant.EIGEN; c++) {
            double sumG = 0;
            double sumA = 0;
            double sumGA = 0;
            for (int p = 0; p < PLACES; p++) {
                sumG += g[c * PLACES + p];
                sumA += a[c * PLACES + p];
                sumGA += g[c * PLACES + p] * a[c * PLACES + p];
            }
            double plusPlus = 0;
            for (int p = 0; p < PLACES; p++) {
                double gradient = g[c * PLACES + p];
                plusPlus += gradient
                        * gradient
                        / (2 * gradient * gradient + Math.pow(gradient, 3) * sumA)
                        * Math.max(gradient, 0);
            }
            for (int p = 0; p < PLACES; p++) {
                if (variant == ClassActivationMap.Variant.ELEMENT_WISE) {
                    expected[p] += Math.max(g[c * PLACES + p] * a[c * PLACES + p], 0);
                    continue;
                }
                double weight = switch (variant) {
                    case CAM -> matrix(pooledDense)[TARGET][c];
                    case GRAD -> sumG / PLACES;
                    case GRAD_PLUS_PLUS -> plusPlus;
                    case X_GRAD -> sumA == 0 ? 0 : sumGA / sumA;
                    case HI_RES -> g[c * PLACES + p];
                    case LAYER -> Math.max(g[c * PLACES + p], 0);
                    case EIGEN, ELEMENT_WISE -> throw new AssertionError();
                };
                expected[p] += weight * a[c * PLACES + p];
            }
        }
        double[] found = explain(model, new ClassActivationMap(variant, Optional.empty()), image);
        assertThat(Nets.relativeError(found, map(expected, v -> Math.max(v, 0))))
                .isLessThan(1e-4);
    }

    /** |A v₁| by power iteration on AᵀA. */
    private static double[] eigen(double[] a) {
        double[] v = new double[MAPS];
        java.util.Arrays.fill(v, 1);
        double[] projection = new double[PLACES];
        for (int round = 0; round < 2000; round++) {
            projection = new double[PLACES];
            double[] next = new double[MAPS];
            for (int p = 0; p < PLACES; p++) {
                for (int c = 0; c < MAPS; c++) {
                    projection[p] += a[c * PLACES + p] * v[c];
                }
                for (int c = 0; c < MAPS; c++) {
                    next[c] += a[c * PLACES + p] * projection[p];
                }
            }
            double length =
                    Math.sqrt(java.util.Arrays.stream(next).map(x -> x * x).sum());
            v = map(next, x -> x / length);
        }
        double sign = Math.signum(java.util.Arrays.stream(projection).sum());
        return map(projection, x -> sign * x);
    }

    /** One layer's share: R_i = Σ_o contribution(o, i) / (Σ_i contribution(o, i) + b) · R_o. */
    private interface Contribution {
        double of(double weight, double x, double y, int input);
    }

    private static double[] share(
            double[][] w, double[] b, double[] x, double[] relevance, Contribution part, Contribution biasPart) {
        double[] y = forward(w, b, x);
        double[] result = new double[x.length];
        for (int o = 0; o < y.length; o++) {
            double total = biasPart.of(b[o], 1, y[o], -1);
            for (int i = 0; i < x.length; i++) {
                total += part.of(w[o][i], x[i], y[o], i);
            }
            for (int i = 0; i < x.length; i++) {
                result[i] += total == 0 ? 0 : part.of(w[o][i], x[i], y[o], i) / total * relevance[o];
            }
        }
        return result;
    }

    private static final Contribution EPSILON = (w, x, y, i) -> w * x;
    private static final Contribution POSITIVE = (w, x, y, i) -> Math.max(w * x, 0);
    private static final Contribution NEGATIVE = (w, x, y, i) -> Math.min(w * x, 0);

    /** The contributions of the output's own sign count 1 + γ. */
    private static final Contribution GAMMA =
            (w, x, y, i) -> w * x + 0.25 * (y > 0 ? Math.max(w * x, 0) : Math.min(w * x, 0));

    private static final Contribution NONE = (w, x, y, i) -> 0;

    private static final Contribution EVEN = (w, x, y, i) -> w == 0 ? 0 : 1;

    private static final Contribution SQUARE = (w, x, y, i) -> w * w;

    static Stream<LayerwiseRelevance> relevanceMethods() {
        return Attributions.ALL.stream()
                .map(Attributions.Entry::standard)
                .filter(LayerwiseRelevance.class::isInstance)
                .map(LayerwiseRelevance.class::cast);
    }

    @ParameterizedTest
    @MethodSource("relevanceMethods")
    void relevance(LayerwiseRelevance method) {
        Model model = Nets.open("two-layers", network(dense));
        double[] low = new double[3];
        double[] high = new double[3];
        for (int c = 0; c < 3; c++) {
            low[c] = model.preprocessing().minimum(c);
            high[c] = model.preprocessing().maximum(c);
        }
        Tensor image = inside(low, high);
        double[] x = Nets.doubles(image);
        double[] a = map(forward(convolution(), spreadBias(), x), v -> Math.max(v, 0));
        double[] bias = Nets.doubles(denseBias);
        double[] start = new double[CLASSES];
        start[TARGET] = forward(matrix(dense), bias, a)[TARGET];
        double[] middle = switch (method.id()) {
            case "lrp-gamma" -> layer(GAMMA, matrix(dense), bias, a, start);
            case "lrp-z-plus" -> layer(POSITIVE, matrix(dense), bias, a, start);
            case "lrp-alpha-beta" -> alphaBeta(matrix(dense), bias, a, start);
            default -> layer(EPSILON, matrix(dense), bias, a, start);
        };
        Contribution box = (w, v, y, i) -> w * v - Math.max(w, 0) * low[i / PLACES] - Math.min(w, 0) * high[i / PLACES];
        double[] expected = switch (method.id()) {
            case "lrp-epsilon" -> layer(EPSILON, convolution(), spreadBias(), x, middle);
            case "lrp-gamma" -> layer(GAMMA, convolution(), spreadBias(), x, middle);
            case "lrp-z-plus", "lrp-epsilon-plus" -> layer(POSITIVE, convolution(), spreadBias(), x, middle);
            case "lrp-alpha-beta" -> alphaBeta(convolution(), spreadBias(), x, middle);
            case "lrp-z-box", "lrp-epsilon-gamma-box" -> share(convolution(), spreadBias(), x, middle, box, NONE);
            case "lrp-epsilon-plus-flat" -> share(convolution(), spreadBias(), x, middle, EVEN, NONE);
            case "lrp-w-square" -> share(convolution(), spreadBias(), x, middle, SQUARE, NONE);
            default -> throw new AssertionError("no reference for " + method.id());
        };
        // ε of 1e-6 beside sums of about 1.
        assertThat(Nets.relativeError(explain(model, method, image), expected)).isLessThan(1e-4);
    }

    private static Tensor inside(double[] low, double[] high) {
        java.util.Random random = new java.util.Random(26);
        float[] data = new float[INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            int c = i / PLACES;
            data[i] = (float) (low[c] + random.nextDouble() * (high[c] - low[c]));
        }
        return Tensor.floats(data, 1, 3, SIDE, SIDE);
    }

    private static double[] layer(Contribution rule, double[][] w, double[] b, double[] x, double[] relevance) {
        return share(w, b, x, relevance, rule, rule);
    }

    private static double[] alphaBeta(double[][] w, double[] b, double[] x, double[] relevance) {
        double[] positive = layer(POSITIVE, w, b, x, relevance);
        double[] negative = layer(NEGATIVE, w, b, x, relevance);
        double[] result = new double[x.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = 2 * positive[i] - negative[i];
        }
        return result;
    }
}
