package dev.vitrine.engine.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.vitrine.engine.onnx.proto.AttributeProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.ModelProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.onnx.proto.TensorShapeProto;
import dev.vitrine.engine.onnx.proto.TypeProto;
import dev.vitrine.engine.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Models damaged on purpose: attributes, sizes, types, operators, edges and bytes of a given one. */
public final class Mutants {
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        -2,
        3,
        4,
        5,
        7,
        -7,
        64,
        1000,
        -1000,
        1L << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final float[] REALS = {
        0, 1, -1, .5f, 1e-30f, 1e30f, -3, 100, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
    };

    private static final String[] TEXTS = {
        "",
        "SAME_UPPER",
        "SAME_LOWER",
        "VALID",
        "NOTSET",
        "nearest",
        "linear",
        "cubic",
        "asymmetric",
        "align_corners",
        "tf_crop_and_resize",
        "half_pixel",
        "floor",
        "ceil",
        "reflect",
        "edge",
        "wrap",
        "constant",
        "DCR",
        "CRD",
        "max",
        "add",
        "mul",
        "ij,jk->ik",
        "...ij->...ji",
        "reverse",
        "bidirectional",
        "tanh",
        "zeros",
        "border",
        "?"
    };

    private static final String[] NAMES = {
        "axis",
        "axes",
        "group",
        "kernel_shape",
        "strides",
        "dilations",
        "pads",
        "output_padding",
        "output_shape",
        "auto_pad",
        "keepdims",
        "ceil_mode",
        "count_include_pad",
        "storage_order",
        "blocksize",
        "mode",
        "to",
        "perm",
        "alpha",
        "beta",
        "gamma",
        "epsilon",
        "transA",
        "transB",
        "allowzero",
        "start",
        "end",
        "batch_dims",
        "hidden_size",
        "direction",
        "size",
        "num_groups",
        "largest",
        "sorted",
        "exclusive",
        "reverse",
        "k",
        "p",
        "lambd",
        "bias",
        "block_size",
        "num_outputs",
        "equation",
        "value",
        "upper",
        "training_mode",
        "stash_type",
        "detect_positive"
    };

    /** Operators that a node's own may be exchanged for. */
    private static final String[] OPERATORS = {
        "Conv",
        "ConvTranspose",
        "MaxPool",
        "AveragePool",
        "LpPool",
        "GlobalAveragePool",
        "MaxUnpool",
        "MaxRoiPool",
        "RoiAlign",
        "Gemm",
        "MatMul",
        "Einsum",
        "BatchNormalization",
        "InstanceNormalization",
        "LayerNormalization",
        "GroupNormalization",
        "LRN",
        "LpNormalization",
        "Relu",
        "PRelu",
        "Clip",
        "Softmax",
        "LogSoftmax",
        "Hardmax",
        "Add",
        "Mul",
        "Div",
        "Mod",
        "Pow",
        "Max",
        "Where",
        "ReduceMean",
        "ReduceSum",
        "ReduceMax",
        "ReduceProd",
        "CumSum",
        "Concat",
        "Split",
        "Slice",
        "Pad",
        "Reshape",
        "Flatten",
        "Squeeze",
        "Unsqueeze",
        "Transpose",
        "Expand",
        "Tile",
        "Gather",
        "GatherElements",
        "GatherND",
        "ScatterElements",
        "ScatterND",
        "Compress",
        "TopK",
        "Trilu",
        "Resize",
        "Upsample",
        "GridSample",
        "DepthToSpace",
        "SpaceToDepth",
        "Identity",
        "Dropout",
        "Cast",
        "CastLike",
        "OneHot",
        "Range",
        "ConstantOfShape",
        "EyeLike",
        "NonZero",
        "ArgMax",
        "Shape",
        "Size",
        "LSTM",
        "GRU",
        "RNN",
        "Unique",
        "NonMaxSuppression",
        "ReverseSequence",
        "Col2Im",
        "CenterCropPad",
        "DeformConv",
        "AffineGrid",
        "DFT",
        "STFT",
        "HannWindow",
        "MelWeightMatrix",
        "Bernoulli",
        "BitShift",
        "Det",
        "Shrink",
        "QuantizeLinear",
        "DequantizeLinear",
        "QLinearConv",
        "ConvInteger",
        "MatMulInteger",
        "NegativeLogLikelihoodLoss",
        "SoftmaxCrossEntropyLoss",
        "If",
        "Loop",
        "Scan",
        "SequenceConstruct",
        "SplitToSequence",
        "StringNormalizer",
        "Multinomial",
        "RandomNormalLike",
        "MeanVarianceNormalization",
        "Celu",
        "Gelu",
        "ImageDecoder",
        "RegexFullMatch",
        "Optional",
        "Constant"
    };

    private final Random random;
    private final List<String> values = new ArrayList<>();

    private Mutants(long seed) {
        random = new Random(seed);
    }

    /** The model with one to three damages that depend on the seed alone. */
    public static byte[] of(byte[] model, long seed) {
        Mutants mutants = new Mutants(seed);
        try {
            return mutants.mutated(model);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a model", e);
        }
    }

    private byte[] mutated(byte[] model) throws InvalidProtocolBufferException {
        if (random.nextInt(25) == 0) {
            return damaged(model);
        }
        ModelProto.Builder builder = ModelProto.parseFrom(model).toBuilder();
        for (int times = random.nextInt(3); times >= 0; times--) {
            collect(builder.getGraphBuilder());
            if (random.nextInt(20) == 0 && builder.getOpsetImportCount() > 0) {
                builder.getOpsetImportBuilder(0).setVersion(6 + random.nextInt(21));
            } else {
                change(builder.getGraphBuilder());
            }
        }
        return builder.build().toByteArray();
    }

    private byte[] damaged(byte[] model) {
        byte[] bytes = model.clone();
        for (int times = random.nextInt(4); times >= 0; times--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(3) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private void collect(GraphProto.Builder graph) {
        values.clear();
        values.add("");
        graph.getInputList().forEach(input -> values.add(input.getName()));
        graph.getInitializerList().forEach(tensor -> values.add(tensor.getName()));
        graph.getNodeList().forEach(node -> values.addAll(node.getOutputList()));
    }

    private void change(GraphProto.Builder graph) {
        int what = random.nextInt(20);
        if (what < 11 && graph.getNodeCount() > 0) {
            node(graph, random.nextInt(graph.getNodeCount()));
        } else if (what < 15 && graph.getInitializerCount() > 0) {
            tensor(graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount())));
        } else if (what < 17 && graph.getInputCount() > 0) {
            type(graph.getInputBuilder(random.nextInt(graph.getInputCount())));
        } else if (what == 17 && graph.getOutputCount() > 0) {
            type(graph.getOutputBuilder(random.nextInt(graph.getOutputCount())));
        } else if (what == 18) {
            ValueInfoProto.Builder lie = graph.addValueInfoBuilder().setName(value());
            lie.getTypeBuilder().getTensorTypeBuilder().setElemType(1 + random.nextInt(16));
            type(lie);
        } else if (graph.getNodeCount() > 1) {
            int at = random.nextInt(graph.getNodeCount());
            NodeProto node = graph.getNode(at);
            switch (random.nextInt(3)) {
                case 0 -> graph.removeNode(at);
                case 1 -> graph.addNode(node);
                default ->
                    graph.setNode(at, graph.getNode(random.nextInt(graph.getNodeCount())))
                            .addNode(node);
            }
        }
    }

    private String value() {
        return values.get(random.nextInt(values.size()));
    }

    private long number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private void node(GraphProto.Builder graph, int at) {
        NodeProto.Builder node = graph.getNodeBuilder(at);
        switch (random.nextInt(12)) {
            case 0 -> node.setOpType(OPERATORS[random.nextInt(OPERATORS.length)]);
            case 1 -> node.addInput(value());
            case 2 -> {
                if (node.getInputCount() > 0) {
                    List<String> inputs = new ArrayList<>(node.getInputList());
                    inputs.remove(random.nextInt(inputs.size()));
                    node.clearInput().addAllInput(inputs);
                }
            }
            case 3, 4 -> {
                if (node.getInputCount() > 0) {
                    node.setInput(random.nextInt(node.getInputCount()), value());
                }
            }
            case 5 -> {
                if (random.nextBoolean() && node.getOutputCount() > 0) {
                    node.setOutput(random.nextInt(node.getOutputCount()), "");
                } else {
                    node.addOutput("more" + random.nextInt(1000));
                }
            }
            case 6 -> {
                if (node.getAttributeCount() > 0) {
                    node.removeAttribute(random.nextInt(node.getAttributeCount()));
                }
            }
            case 7 -> fresh(node.addAttributeBuilder().setName(NAMES[random.nextInt(NAMES.length)]));
            default -> {
                if (node.getAttributeCount() > 0) {
                    attribute(node.getAttributeBuilder(random.nextInt(node.getAttributeCount())));
                } else {
                    fresh(node.addAttributeBuilder().setName(NAMES[random.nextInt(NAMES.length)]));
                }
            }
        }
    }

    private void fresh(AttributeProto.Builder attribute) {
        switch (random.nextInt(4)) {
            case 0 -> attribute.setType(2).setI(number());
            case 1 -> attribute.setType(1).setF(REALS[random.nextInt(REALS.length)]);
            case 2 -> attribute.setType(3).setS(ByteString.copyFromUtf8(TEXTS[random.nextInt(TEXTS.length)]));
            default -> {
                attribute.setType(7);
                for (int count = random.nextInt(5); count > 0; count--) {
                    attribute.addInts(number());
                }
            }
        }
    }

    private void attribute(AttributeProto.Builder attribute) {
        if (random.nextInt(30) == 0) {
            attribute.setType(1 + random.nextInt(8));
            return;
        }
        if (attribute.hasG()) {
            List<String> around = new ArrayList<>(values);
            collect(attribute.getGBuilder());
            values.addAll(around);
            change(attribute.getGBuilder());
        } else if (attribute.hasT()) {
            tensor(attribute.getTBuilder());
        } else if (attribute.hasI()) {
            attribute.setI(number());
        } else if (attribute.hasF()) {
            attribute.setF(REALS[random.nextInt(REALS.length)]);
        } else if (attribute.hasS()) {
            attribute.setS(ByteString.copyFromUtf8(TEXTS[random.nextInt(TEXTS.length)]));
        } else if (attribute.getFloatsCount() > 0) {
            attribute.setFloats(random.nextInt(attribute.getFloatsCount()), REALS[random.nextInt(REALS.length)]);
        } else {
            switch (attribute.getIntsCount() == 0 ? 0 : random.nextInt(5)) {
                case 0 -> attribute.addInts(number());
                case 1 -> {
                    List<Long> ints = new ArrayList<>(attribute.getIntsList());
                    ints.remove(random.nextInt(ints.size()));
                    attribute.clearInts().addAllInts(ints);
                }
                default -> attribute.setInts(random.nextInt(attribute.getIntsCount()), number());
            }
        }
    }

    /** Sizes that lie about the data, sizes with data to match, other data, another element type. */
    private void tensor(TensorProto.Builder tensor) {
        switch (random.nextInt(5)) {
            case 0 -> dims(tensor);
            case 1, 2 -> {
                dims(tensor);
                refill(tensor);
            }
            case 3 -> {
                tensor.setDataType(1 + random.nextInt(16));
                refill(tensor);
            }
            default -> {
                if (tensor.getDataType() == 7 && tensor.getRawData().size() >= 8) {
                    byte[] raw = tensor.getRawData().toByteArray();
                    java.nio.ByteBuffer.wrap(raw)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .putLong(8 * random.nextInt(raw.length / 8), number());
                    tensor.setRawData(ByteString.copyFrom(raw));
                } else if (tensor.getDataType() == 1 && tensor.getRawData().size() >= 4) {
                    byte[] raw = tensor.getRawData().toByteArray();
                    java.nio.ByteBuffer.wrap(raw)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .putFloat(4 * random.nextInt(raw.length / 4), REALS[random.nextInt(REALS.length)]);
                    tensor.setRawData(ByteString.copyFrom(raw));
                }
            }
        }
    }

    private void dims(TensorProto.Builder tensor) {
        int count = tensor.getDimsCount();
        switch (random.nextInt(4)) {
            case 0 -> tensor.addDims(random.nextInt(4));
            case 1 -> {
                if (count > 0) {
                    List<Long> dims = new ArrayList<>(tensor.getDimsList());
                    dims.remove(random.nextInt(count));
                    tensor.clearDims().addAllDims(dims);
                }
            }
            case 2 -> {
                if (count > 0) {
                    tensor.setDims(random.nextInt(count), number());
                }
            }
            default -> {
                if (count > 0) {
                    int at = random.nextInt(count);
                    tensor.setDims(at, Math.max(0, tensor.getDims(at) + random.nextInt(3) - 1));
                }
            }
        }
    }

    private void refill(TensorProto.Builder tensor) {
        int width = switch (tensor.getDataType()) {
            case 1, 6, 12 -> 4;
            case 7, 11, 13 -> 8;
            case 4, 5, 10, 16 -> 2;
            default -> 1;
        };
        double size = width;
        for (long dim : tensor.getDimsList()) {
            size *= dim;
        }
        if (size >= 0 && size < 1 << 20) {
            byte[] raw = new byte[(int) size];
            byte[] old = tensor.getRawData().toByteArray();
            for (int i = 0; i < raw.length; i++) {
                raw[i] = old.length == 0 ? 1 : old[i % old.length];
            }
            tensor.clearFloatData().clearInt64Data().setRawData(ByteString.copyFrom(raw));
        }
    }

    private void type(ValueInfoProto.Builder info) {
        TypeProto.Tensor.Builder tensor = info.getTypeBuilder().getTensorTypeBuilder();
        TensorShapeProto.Builder shape = tensor.getShapeBuilder();
        switch (random.nextInt(6)) {
            case 0 -> tensor.setElemType(1 + random.nextInt(16));
            case 1 -> shape.addDimBuilder().setDimValue(1 + random.nextInt(4));
            case 2 -> {
                if (shape.getDimCount() > 0) {
                    shape.removeDim(random.nextInt(shape.getDimCount()));
                }
            }
            case 3 -> {
                if (shape.getDimCount() > 0) {
                    shape.getDimBuilder(random.nextInt(shape.getDimCount())).setDimValue(number());
                }
            }
            default -> {
                if (shape.getDimCount() > 0) {
                    shape.getDimBuilder(random.nextInt(shape.getDimCount())).setDimValue(random.nextInt(12));
                }
            }
        }
    }
}
