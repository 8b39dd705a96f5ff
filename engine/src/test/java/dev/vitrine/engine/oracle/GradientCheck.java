package dev.vitrine.engine.oracle;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.NDArray.Kind;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Holds a gradient graph against central differences, both in double precision:
 * {@code GradientCheck.of(graph, differentiator::gradient).check(seed)}.
 *
 * <p>The objective f[N] is a sum of the graph's real outputs with random weights, kept apart along the first axis where
 * there is one output. At {@value #COORDINATES} random coordinates of each value and along {@value #DIRECTIONS} random
 * directions through all of them, the analytic derivative of Σ f must equal {@code (f(x+h) - f(x-h)) / 2h}. Where a
 * kink lies within h, which shows in the differences alone, the place is left out; more than a fifth of them is a failure.
 */
public final class GradientCheck {
    /** Differentiates a graph; the gradients are the last outputs of the result, in the order of the values. */
    @FunctionalInterface
    public interface Differentiation {
        Graph gradient(Graph graph, Value objective, List<Value> withRespectTo);
    }

    /**
     * What was found.
     *
     * @param checked places at which both derivatives were compared
     * @param skipped places that were left out because of a kink
     * @param largestError greatest difference of the two, relative to the tolerance's scale
     * @param largestDerivative greatest numeric derivative
     */
    public record Report(int checked, int skipped, double largestError, double largestDerivative) {}

    private record Place(String name, Map<Value, NDArray> direction) {}

    private record Derivative(Place place, double numeric, double analytic) {}

    private static final int COORDINATES = 24;
    private static final int DIRECTIONS = 4;
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-5;
    private static final double LARGEST_SKIPPED_SHARE = .2;

    private final Graph graph;
    private final Differentiation differentiation;
    private final List<Value> withRespectTo;
    private final Map<Value, NDArray> given;

    private GradientCheck(
            Graph graph, Differentiation differentiation, List<Value> withRespectTo, Map<Value, NDArray> given) {
        this.graph = graph;
        this.differentiation = differentiation;
        this.withRespectTo = List.copyOf(withRespectTo);
        this.given = Map.copyOf(given);
    }

    /** With respect to every real input. */
    public static GradientCheck of(Graph graph, Differentiation differentiation) {
        List<Value> reals = graph.inputs().stream()
                .filter(input -> graph.type(input).orElseThrow().elementType().isFloating())
                .toList();
        return new GradientCheck(graph, differentiation, reals, Map.of());
    }

    /** With respect to these values; constants among them become inputs. */
    public GradientCheck withRespectTo(Value... values) {
        Map<Value, NDArray> arrays = new HashMap<>(given);
        List<Value> inputs = new ArrayList<>(graph.inputs());
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        for (Value value : values) {
            graph.constant(value).ifPresent(tensor -> {
                constants.remove(value);
                inputs.add(value);
                types.put(value, TensorType.of(tensor));
                arrays.put(value, NDArray.of(tensor));
            });
        }
        Graph opened = new Graph(inputs, graph.outputs(), graph.nodes(), constants, types, graph.opsets());
        return new GradientCheck(opened, differentiation, List.of(values), arrays);
    }

    /** At this input instead of standard normal numbers, of which unknown dimensions get two. */
    public GradientCheck at(Value input, NDArray array) {
        Map<Value, NDArray> arrays = new HashMap<>(given);
        arrays.put(input, array);
        return new GradientCheck(graph, differentiation, withRespectTo, arrays);
    }

    /** Fails where a derivative differs, where all are zero, and where too many places had a kink. */
    public Report check(long seed) {
        Report report = compare(seed);
        if (report.largestDerivative() < 1e-9) {
            throw new AssertionError("every derivative is zero, so that nothing was checked; see checkZero");
        }
        return report;
    }

    /** Fails unless every derivative, numeric and analytic, is zero. */
    public Report checkZero(long seed) {
        Report report = compare(seed);
        if (report.largestDerivative() > 1e-9) {
            throw new AssertionError("expected no derivative, found " + report.largestDerivative());
        }
        return report;
    }

    private Report compare(long seed) {
        Random random = new Random(seed);
        Map<Value, NDArray> inputs = inputs(random);
        Graph withObjective = withObjective(random, inputs);
        Value objective = withObjective.outputs().get(withObjective.outputs().size() - 1);
        Graph forward = withObjective.withOutputs(List.of(objective));
        Map<Value, NDArray> gradients = gradients(withObjective, objective, inputs);
        ToDoubleFunction<Map<Value, NDArray>> function = at -> {
            double sum = 0;
            for (double value : Interpreter.evaluate(forward, at).get(objective).data()) {
                sum += value;
            }
            return sum;
        };
        double center = function.applyAsDouble(inputs);
        List<Derivative> derivatives = new ArrayList<>();
        int skipped = 0;
        for (Place place : places(random, inputs)) {
            double forwardStep = function.applyAsDouble(moved(inputs, place, STEP));
            double backwardStep = function.applyAsDouble(moved(inputs, place, -STEP));
            double halfForward = function.applyAsDouble(moved(inputs, place, STEP / 2));
            double halfBackward = function.applyAsDouble(moved(inputs, place, -STEP / 2));
            double right = (forwardStep - center) / STEP;
            double left = (center - backwardStep) / STEP;
            double whole = (right + left) / 2;
            double half = (halfForward - halfBackward) / STEP;
            double rounding = 1e-15 * Math.abs(center) / STEP;
            double scale = Math.max(Math.abs(left), Math.abs(right));
            boolean kink = Math.abs(whole - half) > TOLERANCE / 4 * scale + 1e-9 + 10 * rounding
                    || Math.abs(right - left) > .02 * scale + 1e-4 + 10 * rounding;
            if (kink) {
                skipped++;
            } else {
                derivatives.add(new Derivative(place, whole, dot(gradients, place)));
            }
        }
        return judge(seed, derivatives, skipped, 1e-15 * Math.abs(center) / STEP);
    }

    private static Report judge(long seed, List<Derivative> derivatives, int skipped, double rounding) {
        int drawn = derivatives.size() + skipped;
        if (skipped > LARGEST_SKIPPED_SHARE * drawn) {
            throw new AssertionError("seed " + seed + ": " + skipped + " of " + drawn + " places have a kink");
        }
        double meanSquare = derivatives.stream()
                .mapToDouble(derivative -> derivative.numeric() * derivative.numeric())
                .average()
                .orElseThrow();
        double common = Math.sqrt(meanSquare) + 1e-3 + 10 * rounding / TOLERANCE;
        double largestError = 0;
        double largestDerivative = 0;
        for (Derivative derivative : derivatives) {
            double error =
                    Math.abs(derivative.numeric() - derivative.analytic()) / (common + Math.abs(derivative.numeric()));
            largestError = Math.max(largestError, error);
            largestDerivative = Math.max(
                    largestDerivative, Math.max(Math.abs(derivative.numeric()), Math.abs(derivative.analytic())));
            if (!(error <= TOLERANCE)) {
                throw new AssertionError("seed " + seed + ": along "
                        + derivative.place().name() + " the gradient graph gives " + derivative.analytic()
                        + ", central differences give " + derivative.numeric());
            }
        }
        return new Report(derivatives.size(), skipped, largestError, largestDerivative);
    }

    private Map<Value, NDArray> inputs(Random random) {
        Map<Value, NDArray> inputs = new LinkedHashMap<>();
        for (Value input : graph.inputs()) {
            TensorType type = graph.type(input).orElseThrow();
            if (given.containsKey(input)) {
                inputs.put(input, given.get(input));
            } else if (type.elementType().isFloating()) {
                long[] shape = LongStream.of(type.shape())
                        .map(size -> size < 0 ? 2 : size)
                        .toArray();
                inputs.put(input, NDArray.normal(random, shape));
            } else {
                throw new IllegalArgumentException("input '" + input + "' of " + type + " must be given");
            }
        }
        return inputs;
    }

    /** The graph with one more output, the objective. */
    private Graph withObjective(Random random, Map<Value, NDArray> inputs) {
        GraphBuilder builder = new GraphBuilder(graph).scope("check");
        Map<Value, NDArray> outputs = Interpreter.evaluate(graph, inputs);
        List<Value> reals = graph.outputs().stream()
                .filter(output -> outputs.get(output).kind() == Kind.REAL)
                .toList();
        Value objective = Value.NONE;
        for (Value output : reals) {
            NDArray array = outputs.get(output);
            Value weights = builder.constant(
                    "weights", NDArray.normal(random, array.shape()).toTensor());
            Value weighted = builder.node("Mul", output, weights);
            boolean perSample = reals.size() == 1 && array.rank() > 0;
            long[] axes = LongStream.range(perSample ? 1 : 0, array.rank()).toArray();
            Value sum = weighted;
            if (axes.length > 0) {
                sum = builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), weighted, builder.vector(axes));
            }
            if (!perSample) {
                sum = builder.node("Reshape", sum, builder.vector(1));
            }
            objective = objective.isPresent() ? builder.node("Add", objective, sum) : sum;
        }
        if (!objective.isPresent()) {
            throw new IllegalArgumentException("the graph has no real output");
        }
        long samples = reals.size() == 1 && outputs.get(reals.get(0)).rank() > 0
                ? outputs.get(reals.get(0)).dimension(0)
                : 1;
        return builder.declare(objective, TensorType.of(ElementType.FLOAT32, samples))
                .output(objective)
                .build();
    }

    private Map<Value, NDArray> gradients(Graph withObjective, Value objective, Map<Value, NDArray> inputs) {
        Graph gradientGraph = differentiation.gradient(withObjective, objective, withRespectTo);
        List<Value> outputs = gradientGraph.outputs();
        List<Value> last = outputs.subList(outputs.size() - withRespectTo.size(), outputs.size());
        Map<Value, NDArray> results = Interpreter.evaluate(gradientGraph.withOutputs(last), inputs);
        Map<Value, NDArray> gradients = new HashMap<>();
        for (int i = 0; i < last.size(); i++) {
            Value value = withRespectTo.get(i);
            NDArray gradient = results.get(last.get(i));
            if (!Arrays.equals(gradient.shape(), inputs.get(value).shape())) {
                throw new AssertionError("the gradient of '" + value + "' has the shape of " + gradient
                        + ", expected that of " + inputs.get(value));
            }
            gradients.put(value, gradient);
        }
        return gradients;
    }

    private List<Place> places(Random random, Map<Value, NDArray> inputs) {
        List<Place> places = new ArrayList<>();
        for (Value value : withRespectTo) {
            NDArray array = inputs.get(value);
            int[] coordinates = array.size() <= COORDINATES
                    ? IntStream.range(0, array.size()).toArray()
                    : random.ints(0, array.size()).distinct().limit(COORDINATES).toArray();
            for (int coordinate : coordinates) {
                NDArray direction = NDArray.zeros(array.shape());
                direction.data()[coordinate] = 1;
                places.add(new Place(value + "[" + coordinate + "]", Map.of(value, direction)));
            }
        }
        for (int i = 0; i < DIRECTIONS; i++) {
            Map<Value, NDArray> direction = new HashMap<>();
            double squares = 0;
            for (Value value : withRespectTo) {
                NDArray part = NDArray.normal(random, inputs.get(value).shape());
                direction.put(value, part);
                squares += Arrays.stream(part.data()).map(x -> x * x).sum();
            }
            for (NDArray part : direction.values()) {
                for (int j = 0; j < part.size(); j++) {
                    part.data()[j] /= Math.sqrt(squares);
                }
            }
            places.add(new Place("direction " + i, direction));
        }
        return places;
    }

    private static Map<Value, NDArray> moved(Map<Value, NDArray> inputs, Place place, double step) {
        Map<Value, NDArray> moved = new HashMap<>(inputs);
        place.direction().forEach((value, direction) -> {
            double[] data = inputs.get(value).data().clone();
            for (int i = 0; i < data.length; i++) {
                data[i] += step * direction.data()[i];
            }
            moved.put(value, new NDArray(data, direction.shape()));
        });
        return moved;
    }

    private static double dot(Map<Value, NDArray> gradients, Place place) {
        double sum = 0;
        for (Map.Entry<Value, NDArray> entry : place.direction().entrySet()) {
            double[] gradient = gradients.get(entry.getKey()).data();
            for (int i = 0; i < gradient.length; i++) {
                // not 0 · ∞
                sum += entry.getValue().data()[i] == 0 ? 0 : entry.getValue().data()[i] * gradient[i];
            }
        }
        return sum;
    }
}
