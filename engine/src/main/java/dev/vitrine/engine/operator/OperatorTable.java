package dev.vitrine.engine.operator;

import static dev.vitrine.engine.operator.Operator.Kind.ACTIVATION;
import static dev.vitrine.engine.operator.Operator.Kind.ARITHMETIC;
import static dev.vitrine.engine.operator.Operator.Kind.GRADIENT_FREE;
import static dev.vitrine.engine.operator.Operator.Kind.LINEAR;
import static dev.vitrine.engine.operator.Operator.Kind.NORMALIZATION;
import static dev.vitrine.engine.operator.Operator.Kind.POOLING;
import static dev.vitrine.engine.operator.Operator.Kind.REDUCTION;
import static dev.vitrine.engine.operator.Operator.Kind.STRUCTURE;

import dev.vitrine.engine.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table: one row an operator. To add an operator, write its rule and add its row. */
public final class OperatorTable {
    private static final List<Operator> WITH_RULES = List.of(
            new Operator("Conv", LINEAR, ConvolutionRules::conv),
            new Operator("ConvTranspose", LINEAR, ConvolutionRules::convTranspose),
            new Operator("Col2Im", STRUCTURE, ConvolutionRules::col2Im),
            new Operator("Gemm", LINEAR, MatrixRules::gemm),
            new Operator("MatMul", LINEAR, MatrixRules::matMul),
            new Operator("Einsum", LINEAR, MatrixRules::einsum),
            new Operator("BatchNormalization", NORMALIZATION, NormalizationRules::batch),
            new Operator("InstanceNormalization", NORMALIZATION, NormalizationRules::instance),
            new Operator("LayerNormalization", NORMALIZATION, NormalizationRules::layer),
            new Operator("GroupNormalization", NORMALIZATION, NormalizationRules::group),
            new Operator("LRN", NORMALIZATION, NormalizationRules::localResponse),
            new Operator("LpNormalization", NORMALIZATION, NormalizationRules::lpNorm),
            new Operator("Relu", ACTIVATION, ActivationRules.RELU),
            new Operator("LeakyRelu", ACTIVATION, ActivationRules.LEAKY_RELU),
            new Operator("PRelu", ACTIVATION, ActivationRules::parametricRelu),
            new Operator("ThresholdedRelu", ACTIVATION, ActivationRules.THRESHOLDED_RELU),
            new Operator("Elu", ACTIVATION, ActivationRules.ELU),
            new Operator("Selu", ACTIVATION, ActivationRules.SELU),
            new Operator("Celu", ACTIVATION, ActivationRules.CELU),
            new Operator("Sigmoid", ACTIVATION, ActivationRules.SIGMOID),
            new Operator("HardSigmoid", ACTIVATION, ActivationRules.HARD_SIGMOID),
            new Operator("HardSwish", ACTIVATION, ActivationRules.HARD_SWISH),
            new Operator("Tanh", ACTIVATION, ActivationRules.TANH),
            new Operator("Softplus", ACTIVATION, ActivationRules.SOFTPLUS),
            new Operator("Softsign", ACTIVATION, ActivationRules.SOFTSIGN),
            new Operator("Gelu", ACTIVATION, ActivationRules.GELU),
            new Operator("Mish", ACTIVATION, ActivationRules.MISH),
            new Operator("Erf", ACTIVATION, ActivationRules.ERF),
            new Operator("Clip", ACTIVATION, ActivationRules::clip),
            new Operator("Sqrt", ACTIVATION, ActivationRules::root),
            new Operator("Exp", ACTIVATION, ActivationRules.EXP),
            new Operator("Log", ACTIVATION, ActivationRules.LOG),
            new Operator("Abs", ACTIVATION, ActivationRules.ABS),
            new Operator("Reciprocal", ACTIVATION, ActivationRules.RECIPROCAL),
            new Operator("Sin", ACTIVATION, ActivationRules.SINE),
            new Operator("Cos", ACTIVATION, ActivationRules.COSINE),
            new Operator("Tan", ACTIVATION, ActivationRules.TANGENT),
            new Operator("Asin", ACTIVATION, ActivationRules.ARC_SINE),
            new Operator("Acos", ACTIVATION, ActivationRules.ARC_COSINE),
            new Operator("Atan", ACTIVATION, ActivationRules.ARC_TANGENT),
            new Operator("Sinh", ACTIVATION, ActivationRules.HYPERBOLIC_SINE),
            new Operator("Cosh", ACTIVATION, ActivationRules.HYPERBOLIC_COSINE),
            new Operator("Asinh", ACTIVATION, ActivationRules.AREA_SINE),
            new Operator("Acosh", ACTIVATION, ActivationRules.AREA_COSINE),
            new Operator("Atanh", ACTIVATION, ActivationRules.AREA_TANGENT),
            new Operator("Shrink", ACTIVATION, ActivationRules.SHRINK),
            new Operator("Softmax", ACTIVATION, ActivationRules::softmax),
            new Operator("LogSoftmax", ACTIVATION, ActivationRules::logSoftmax),
            new Operator("MaxPool", POOLING, new MaxPoolRule()),
            new Operator("AveragePool", POOLING, PoolingRules::averagePool),
            new Operator("LpPool", POOLING, PoolingRules::lpPool),
            new Operator("GlobalAveragePool", POOLING, PoolingRules::globalAveragePool),
            new Operator("GlobalMaxPool", POOLING, PoolingRules::globalMaxPool),
            new Operator("Add", ARITHMETIC, ArithmeticRules::sum),
            new Operator("Sub", ARITHMETIC, ArithmeticRules::subtract),
            new Operator("Mul", ARITHMETIC, ArithmeticRules::multiply),
            new Operator("Div", ARITHMETIC, ArithmeticRules::divide),
            new Operator("Mod", ARITHMETIC, ArithmeticRules::remainder),
            new Operator("Pow", ARITHMETIC, ArithmeticRules::power),
            new Operator("Neg", ARITHMETIC, ActivationRules::negate),
            new Operator("Min", ARITHMETIC, ArithmeticRules::extreme),
            new Operator("Max", ARITHMETIC, ArithmeticRules::extreme),
            new Operator("Sum", ARITHMETIC, ArithmeticRules::sum),
            new Operator("Mean", ARITHMETIC, ArithmeticRules::mean),
            new Operator("Where", ARITHMETIC, ArithmeticRules::where),
            new Operator("ReduceMean", REDUCTION, ReductionRules::mean),
            new Operator("ReduceSum", REDUCTION, ReductionRules::sum),
            new Operator("ReduceMax", REDUCTION, ReductionRules::extreme),
            new Operator("ReduceMin", REDUCTION, ReductionRules::extreme),
            new Operator("ReduceL1", REDUCTION, ReductionRules::l1),
            new Operator("ReduceL2", REDUCTION, ReductionRules::l2),
            new Operator("ReduceSumSquare", REDUCTION, ReductionRules::sumSquare),
            new Operator("ReduceLogSum", REDUCTION, ScanRules::logSum),
            new Operator("ReduceProd", REDUCTION, ScanRules::product),
            new Operator("CumSum", REDUCTION, ScanRules::cumulativeSum),
            new Operator("ReduceLogSumExp", REDUCTION, ReductionRules::logSumExp),
            new Operator("Concat", STRUCTURE, StructureRules::concat),
            new Operator("Split", STRUCTURE, StructureRules::split),
            new Operator("Slice", STRUCTURE, StructureRules::slice),
            new Operator("Pad", STRUCTURE, StructureRules::pad),
            new Operator("Reshape", STRUCTURE, StructureRules::reshape),
            new Operator("Flatten", STRUCTURE, StructureRules::reshape),
            new Operator("Squeeze", STRUCTURE, StructureRules::reshape),
            new Operator("Unsqueeze", STRUCTURE, StructureRules::reshape),
            new Operator("Transpose", STRUCTURE, StructureRules::transpose),
            new Operator("Expand", STRUCTURE, StructureRules::expand),
            new Operator("Tile", STRUCTURE, StructureRules::tile),
            new Operator("Gather", STRUCTURE, StructureRules::gather),
            new Operator("GatherElements", STRUCTURE, StructureRules::gatherElements),
            new Operator("GatherND", STRUCTURE, ScanRules::gatherPlaces),
            new Operator("ScatterND", STRUCTURE, ScanRules::scatterPlaces),
            new Operator("Compress", STRUCTURE, ScanRules::compress),
            new Operator("TopK", STRUCTURE, ScanRules::top),
            new Operator("ScatterElements", STRUCTURE, StructureRules::scatterElements),
            new Operator("Trilu", STRUCTURE, StructureRules::triangle),
            new Operator("Resize", STRUCTURE, StructureRules::resize),
            new Operator("GridSample", STRUCTURE, new GridSampleRule()),
            new Operator("DepthToSpace", STRUCTURE, StructureRules::depthToSpace),
            new Operator("SpaceToDepth", STRUCTURE, StructureRules::spaceToDepth),
            new Operator("Identity", STRUCTURE, StructureRules::identity),
            new Operator("Dropout", STRUCTURE, StructureRules::dropout),
            new Operator("Cast", STRUCTURE, StructureRules::cast),
            new Operator("QuantizeLinear", STRUCTURE, QuantizationRules::straight),
            new Operator("DequantizeLinear", STRUCTURE, QuantizationRules::straight),
            new Operator("DynamicQuantizeLinear", STRUCTURE, QuantizationRules::dynamic),
            new Operator("OneHot", GRADIENT_FREE, StructureRules::oneHotOrRange),
            new Operator("Range", GRADIENT_FREE, StructureRules::oneHotOrRange));

    private static final List<String> GRADIENT_FREE_NAMES = List.of(
            "And",
            "ArgMax",
            "ArgMin",
            "Ceil",
            "Constant",
            "ConstantOfShape",
            "Equal",
            "EyeLike",
            "Floor",
            "Greater",
            "GreaterOrEqual",
            "Hardmax",
            "IsInf",
            "IsNaN",
            "Less",
            "LessOrEqual",
            "NonZero",
            "Not",
            "Or",
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike",
            "Round",
            "Shape",
            "Sign",
            "Size",
            "Xor");

    /** Every operator that is known, in the order of the table. */
    public static final List<Operator> ALL = Stream.concat(
                    WITH_RULES.stream(),
                    GRADIENT_FREE_NAMES.stream().map(name -> new Operator(name, GRADIENT_FREE, StructureRules::none)))
            .toList();

    private static final Map<String, Operator> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Operator::name, Function.identity()));

    private OperatorTable() {}

    /** The row of a node's operator, if there is one. */
    public static Optional<Operator> find(Node node) {
        return Optional.ofNullable(BY_NAME.get(node.operator()));
    }
}
