package dev.vitrine.engine.oracle;

import static java.util.Map.entry;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Evaluates a graph in double precision, by plain loops written from the ONNX operator specification (opset 21).
 *
 * <p>It shares no code with what it judges. Constants of f32 are widened exactly, and a Cast between floating types
 * does not round.
 */
public final class Interpreter {
    @FunctionalInterface
    private interface Operator {
        List<NDArray> apply(Call call);
    }

    @FunctionalInterface
    private interface SingleOperator {
        NDArray apply(Call call);
    }

    private static final Map<String, Operator> OPERATORS = Map.ofEntries(
            one("Conv", Convolutions::conv),
            one("ConvTranspose", Convolutions::convTranspose),
            one("Gemm", Products::gemm),
            one("MatMul", Products::matMul),
            one("Einsum", Products::einsum),
            one("Col2Im", Convolutions::col2Im),
            entry("MaxPool", Pools::maxPool),
            one("AveragePool", Pools::averagePool),
            one("LpPool", Pools::lpPool),
            one("GlobalMaxPool", Pools::globalMaxPool),
            one("GlobalAveragePool", Pools::globalAveragePool),
            one("GlobalLpPool", Pools::globalLpPool),
            one("MaxUnpool", Pools::maxUnpool),
            entry("BatchNormalization", Normalizations::batch),
            one("InstanceNormalization", Normalizations::instance),
            entry("LayerNormalization", Normalizations::layer),
            one("GroupNormalization", Normalizations::group),
            one("LRN", Normalizations::localResponse),
            one("LpNormalization", Normalizations::lp),
            one("Softmax", Normalizations::softmax),
            one("LogSoftmax", Normalizations::logSoftmax),
            one("MeanVarianceNormalization", Normalizations::meanVariance),
            one("Relu", Elementwise::relu),
            one("LeakyRelu", Elementwise::leakyRelu),
            one("PRelu", Elementwise::pRelu),
            one("Elu", Elementwise::elu),
            one("Selu", Elementwise::selu),
            one("Celu", Elementwise::celu),
            one("Sigmoid", Elementwise::sigmoid),
            one("HardSigmoid", Elementwise::hardSigmoid),
            one("HardSwish", Elementwise::hardSwish),
            one("Tanh", Elementwise::tanh),
            one("Softplus", Elementwise::softplus),
            one("Softsign", Elementwise::softsign),
            one("Gelu", Elementwise::gelu),
            one("Mish", Elementwise::mish),
            one("Erf", Elementwise::erf),
            one("Clip", Elementwise::clip),
            one("ThresholdedRelu", Elementwise::thresholdedRelu),
            one("Shrink", Elementwise::shrink),
            one("Sqrt", Elementwise::sqrt),
            one("Exp", Elementwise::exp),
            one("Log", Elementwise::log),
            one("Neg", Elementwise::neg),
            one("Abs", Elementwise::abs),
            one("Reciprocal", Elementwise::reciprocal),
            one("Sign", Elementwise::sign),
            one("Floor", Elementwise::floor),
            one("Ceil", Elementwise::ceil),
            one("Round", Elementwise::round),
            one("Sin", Elementwise::sin),
            one("Cos", Elementwise::cos),
            one("Tan", Elementwise::tan),
            one("Asin", Elementwise::asin),
            one("Acos", Elementwise::acos),
            one("Atan", Elementwise::atan),
            one("Sinh", Elementwise::sinh),
            one("Cosh", Elementwise::cosh),
            one("Asinh", Elementwise::asinh),
            one("Acosh", Elementwise::acosh),
            one("Atanh", Elementwise::atanh),
            one("Not", Elementwise::not),
            one("IsNaN", Elementwise::isNaN),
            one("Cast", Elementwise::cast),
            one("Identity", Elementwise::identity),
            entry("Dropout", Elementwise::dropout),
            one("Add", Elementwise::add),
            one("Sub", Elementwise::sub),
            one("Mul", Elementwise::mul),
            one("Div", Elementwise::div),
            one("Mod", Elementwise::mod),
            one("Pow", Elementwise::pow),
            one("Min", Elementwise::min),
            one("Max", Elementwise::max),
            one("Sum", Elementwise::sum),
            one("Mean", Elementwise::mean),
            one("Equal", Elementwise::equal),
            one("Greater", Elementwise::greater),
            one("GreaterOrEqual", Elementwise::greaterOrEqual),
            one("Less", Elementwise::less),
            one("LessOrEqual", Elementwise::lessOrEqual),
            one("And", Elementwise::and),
            one("Or", Elementwise::or),
            one("Xor", Elementwise::xor),
            one("Where", Elementwise::where),
            one("ReduceMean", Reductions::mean),
            one("ReduceSum", Reductions::sum),
            one("ReduceMax", Reductions::max),
            one("ReduceMin", Reductions::min),
            one("ReduceProd", Reductions::prod),
            one("ReduceL1", Reductions::l1),
            one("ReduceL2", Reductions::l2),
            one("ReduceLogSum", Reductions::logSum),
            one("ReduceLogSumExp", Reductions::logSumExp),
            one("ReduceSumSquare", Reductions::sumSquare),
            one("ArgMax", Reductions::argMax),
            one("ArgMin", Reductions::argMin),
            one("CumSum", Reductions::cumSum),
            entry("TopK", Reductions::topK),
            one("Concat", Movements::concat),
            entry("Split", Movements::split),
            one("Slice", Movements::slice),
            one("Pad", Movements::pad),
            one("Reshape", Movements::reshape),
            one("Flatten", Movements::flatten),
            one("Squeeze", Movements::squeeze),
            one("Unsqueeze", Movements::unsqueeze),
            one("Transpose", Movements::transpose),
            one("Expand", Movements::expand),
            one("Tile", Movements::tile),
            one("DepthToSpace", Movements::depthToSpace),
            one("SpaceToDepth", Movements::spaceToDepth),
            one("Trilu", Movements::trilu),
            one("Resize", Resizing::resize),
            one("GridSample", Resizing::gridSample),
            one("Gather", Indexing::gather),
            one("GatherElements", Indexing::gatherElements),
            one("GatherND", Indexing::gatherND),
            one("ScatterElements", Indexing::scatterElements),
            one("ScatterND", Indexing::scatterND),
            one("Compress", Indexing::compress),
            one("NonZero", Indexing::nonZero),
            one("OneHot", Indexing::oneHot),
            one("Shape", Indexing::shape),
            one("Size", Indexing::size),
            one("Constant", Indexing::constant),
            one("ConstantOfShape", Indexing::constantOfShape),
            one("Range", Indexing::range));

    private Interpreter() {}

    private static Map.Entry<String, Operator> one(String opType, SingleOperator operator) {
        return entry(opType, call -> List.of(operator.apply(call)));
    }

    /** The operators that it knows. */
    public static Set<String> operators() {
        return OPERATORS.keySet();
    }

    /** Every output of the graph. */
    public static Map<Value, NDArray> evaluate(Graph graph, Map<Value, NDArray> inputs) {
        Map<Value, Integer> remainingUses = uses(graph);
        Map<Value, NDArray> values = new HashMap<>();
        for (Value input : graph.inputs()) {
            if (!inputs.containsKey(input)) {
                throw new IllegalArgumentException("input '" + input + "' is not given");
            }
            values.put(input, inputs.get(input));
        }
        for (Node node : graph.nodes()) {
            for (Value input : node.inputs()) {
                graph.constant(input).ifPresent(tensor -> values.computeIfAbsent(input, key -> NDArray.of(tensor)));
            }
            List<NDArray> results = apply(node, values);
            for (int i = 0; i < node.outputs().size(); i++) {
                if (node.output(i).isPresent()) {
                    values.put(node.output(i), results.get(i));
                }
            }
            for (Value input : node.inputs()) {
                if (remainingUses.merge(input, -1, Integer::sum) == 0) {
                    values.remove(input);
                }
            }
        }
        Map<Value, NDArray> outputs = new LinkedHashMap<>();
        for (Value output : graph.outputs()) {
            graph.constant(output).ifPresent(tensor -> values.put(output, NDArray.of(tensor)));
            outputs.put(output, values.get(output));
        }
        return outputs;
    }

    private static List<NDArray> apply(Node node, Map<Value, NDArray> values) {
        if (!node.domain().isEmpty() || !OPERATORS.containsKey(node.opType())) {
            throw new IllegalArgumentException(node.label() + ": the interpreter does not know this operator");
        }
        try {
            return OPERATORS.get(node.opType()).apply(new Call(node, values));
        } catch (RuntimeException exception) {
            throw new IllegalArgumentException(node.label() + ": " + exception, exception);
        }
    }

    private static Map<Value, Integer> uses(Graph graph) {
        Map<Value, Integer> uses = new HashMap<>();
        graph.nodes().forEach(node -> node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum)));
        graph.outputs().forEach(output -> uses.merge(output, 1, Integer::sum));
        return uses;
    }
}
