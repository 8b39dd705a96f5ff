package dev.vitrine.engine.incremental;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * How to evaluate local changes of one size: segments that compute what a change alters in some layers, the anchors, each
 * from patches of anchors before; then the rest of the network on whole maps.
 *
 * @param constants maps that no change alters, by the anchor's name that patches take them from
 * @param rest computes the outputs that are not themselves anchors or totals from whole maps of these, its inputs
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

    /** What a segment gives. */
    sealed interface Kind {
        Region.Changed region();
    }

    /** The changed rectangle of a map. */
    record Rectangle(Region.Changed region) implements Kind {}

    /**
     * The mean over the changed rectangle of a map, for its total.
     *
     * @param map what is summed
     * @param scale of the total, per place
     */
    record Mean(Value map, Region.Changed region, double scale) implements Kind {}

    /**
     * A rectangle of an anchor, the change in it.
     *
     * @param input of the segment's graph
     * @param outside what stands beyond the map's border
     */
    record Patch(Value input, Value anchor, Region region, float outside) {}
}
