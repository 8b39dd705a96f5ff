package dev.vitrine.engine.onnx;

import dev.vitrine.engine.check.Damage;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Converts nodes of other opsets to {@link Graph#OPSET}, by a table of the changes between versions. */
final class OpsetNormalizer {
    /** Rewrites a node with the same meaning. */
    @FunctionalInterface
    interface Adapter {
        List<Node> adapt(Node node, BorderScope scope);
    }

    /** Rewrites a node of a newer opset in older operators, or reports that it cannot. */
    @FunctionalInterface
    interface DownAdapter {
        Optional<List<Node>> adapt(Node node, BorderScope scope);
    }

    /** Before version {@code since} the operator had another form, which {@code adapter} converts. */
    record Change(String opType, long since, Adapter adapter) {}

    /** From version {@code since} the operator has forms that {@link Graph#OPSET} lacks. */
    record Novelty(String opType, long since, DownAdapter adapter) {}

    /**
     * Changes up to {@link Graph#OPSET} that are not mere extensions; by operator, then by version.
     *
     * <p>MeanVarianceNormalization is decomposed, since the runtime infers no shape for it.
     *
     * <p>AveragePool with {@code ceil_mode} and {@code count_include_pad} is not listed: opset 19 clarified that the
     * part of a window beyond the padding does not count, as frameworks always intended.
     */
    static final List<Change> CHANGES = List.of(
            new Change("BatchNormalization", 9, OlderForms::statisticsForEachElement),
            new Change("BatchNormalization", 14, OlderForms::firstOutputOnly),
            new Change("Clip", 11, OlderForms::clipLimits),
            new Change("DFT", 20, OlderForms::fourierAxis),
            new Change("Dropout", 12, OlderForms::dropoutRatio),
            new Change("GridSample", 20, OlderForms::gridSampleMode),
            new Change("GroupNormalization", 21, OlderForms::scaleForEachGroup),
            new Change("Hardmax", 13, OlderForms::flattened),
            new Change("ImageScaler", 10, OlderForms::imageScaler),
            new Change("LogSoftmax", 13, OlderForms::flattened),
            new Change("MeanVarianceNormalization", Graph.OPSET + 1, OlderForms::meanVariance),
            new Change("Pad", 11, OlderForms::pads),
            new Change("ReduceL1", 18, OlderForms::axes),
            new Change("ReduceL2", 18, OlderForms::axes),
            new Change("ReduceLogSum", 18, OlderForms::axes),
            new Change("ReduceLogSumExp", 18, OlderForms::axes),
            new Change("ReduceMax", 18, OlderForms::axes),
            new Change("ReduceMean", 18, OlderForms::axes),
            new Change("ReduceMin", 18, OlderForms::axes),
            new Change("ReduceProd", 18, OlderForms::axes),
            new Change("ReduceSum", 13, OlderForms::axes),
            new Change("ReduceSumSquare", 18, OlderForms::axes),
            new Change("Resize", 11, OlderForms::resizeByCorner),
            new Change("Resize", 13, OlderForms::resizeCenters),
            new Change("RoiAlign", 16, OlderForms::roiAlignCorner),
            new Change("Scan", 9, OlderForms::batchedScan),
            new Change("Scatter", 11, OlderForms::scatterElements),
            new Change("Slice", 10, OlderForms::sliceBounds),
            new Change("Softmax", 13, OlderForms::flattened),
            new Change("Split", 13, OlderForms::splitSizes),
            new Change("Split", 18, OlderForms::splitCount),
            new Change("Squeeze", 13, OlderForms::axes),
            new Change("TopK", 10, OlderForms::topCount),
            new Change("Unsqueeze", 13, OlderForms::axes),
            new Change("Upsample", 9, OlderForms::upsampleScales),
            new Change("Upsample", 10, OlderForms::upsample));

    /** Changes after {@link Graph#OPSET} other than additional element types. */
    static final List<Novelty> NOVELTIES = List.of(
            new Novelty("Attention", 23, NewerForms::kept),
            new Novelty("BitCast", 26, NewerForms::kept),
            new Novelty("Cast", 24, NewerForms::roundMode),
            new Novelty("CastLike", 24, NewerForms::roundMode),
            new Novelty("CumProd", 26, NewerForms::kept),
            new Novelty("DequantizeLinear", 23, NewerForms.keptWith("output_dtype")),
            new Novelty(
                    "MeanVarianceNormalization",
                    Graph.OPSET + 1,
                    (node, scope) -> Optional.of(OlderForms.meanVariance(node, scope))),
            new Novelty("QuantizeLinear", 23, NewerForms.keptWith("precision")),
            new Novelty("RMSNormalization", 23, NewerForms::rootMeanSquare),
            new Novelty("RotaryEmbedding", 23, NewerForms::kept),
            new Novelty("Swish", 24, NewerForms::swish),
            new Novelty("TensorScatter", 24, NewerForms::kept));

    private long neededVersion = Graph.OPSET;

    /** The lowest opset, from {@link Graph#OPSET} up, that expresses every node so far. */
    long neededVersion() {
        return neededVersion;
    }

    List<Node> normalize(Node node, long version, BorderScope scope) {
        if (!node.domain().isEmpty()) {
            return List.of(node);
        }
        return Damage.named(node, () -> adapted(node, version, scope));
    }

    private List<Node> adapted(Node node, long version, BorderScope scope) {
        Node plain = CeilingPools.exact(Flags.read(node));
        return version > Graph.OPSET ? lower(plain, version, scope) : raise(plain, version, scope);
    }

    private static List<Node> raise(Node node, long version, BorderScope scope) {
        for (Change change : CHANGES) {
            if (change.since() > version && change.opType().equals(node.opType())) {
                List<Node> result = new ArrayList<>();
                for (Node each : change.adapter().adapt(node, scope)) {
                    result.addAll(raise(each, change.since(), scope));
                }
                return result;
            }
        }
        return List.of(node);
    }

    private List<Node> lower(Node node, long version, BorderScope scope) {
        for (Novelty novelty : NOVELTIES) {
            if (version >= novelty.since() && novelty.opType().equals(node.opType())) {
                Optional<List<Node>> lowered = novelty.adapter().adapt(node, scope);
                if (lowered.isEmpty()) {
                    neededVersion = Math.max(neededVersion, version);
                }
                return lowered.orElse(List.of(node));
            }
        }
        return List.of(node);
    }
}
