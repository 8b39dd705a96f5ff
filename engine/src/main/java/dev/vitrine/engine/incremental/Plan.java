package dev.vitrine.engine.incremental;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * How to evaluate local changes of one size: segments compute the changed part of some layers, the anchors, each from
 * patches of earlier anchors; then the rest of the network runs on whole maps.
 *
 * @param constants maps that no change affects, by the name of the anchor that patches read
 * @param rest computes the outputs that are not anchors or totals themselves from whole maps of those, its inputs
 */
record Plan(List<Segment> segments, List<Value> anchors, Map<Value, Tensor> constants, Graph rest) {

    /**
     * A graph that computes one anchor over a region.
     *
     * @param graph from patches to the anchor, of any height, width and batch
     * @param output the anchor's rectangle in the graph, or its mean
     * @param anchor the layer in the network
     */
    record Segment(Graph graph, List<Patch> patches, Value output, Value anchor, Kind kind) {}

    /** The result of a segment. */
    sealed interface Kind {
        Region.Changed region();
    }

    /** The changed rectangle of a map. */
    record Rectangle(Region.Changed region) implements Kind {}

    /**
     * The mean over the changed rectangle of a map, for its total.
     *
     * @param map the map summed
     * @param scale of the total, per position
     */
    record Mean(Value map, Region.Changed region, double scale) implements Kind {}

    /**
     * A rectangle of an anchor that contains the change.
     *
     * @param input of the segment's graph
     * @param outside value outside the map
     */
    record Patch(Value input, Value anchor, Region region, float outside) {}
}
