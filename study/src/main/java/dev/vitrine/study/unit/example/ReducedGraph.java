package dev.vitrine.study.unit.example;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The network with small outputs in place of whole maps: for each channel the maximum of every row and every column,
 * which give the maximum and usually its position, and the mean if requested. All are pooling operations, which stay in
 * the runtime's blocked layout.
 */
record ReducedGraph(Graph graph, List<Outputs> probes) {
    /**
     * The outputs of a probe.
     *
     * @param rows {@code f32[N,C,h,1]}; for a layer without spatial positions, the values themselves
     * @param columns {@code f32[N,C,1,w]}
     * @param mean {@code f32[N,C,1,1]}
     */
    record Outputs(Value rows, Optional<Value> columns, Optional<Value> mean) {
        List<Value> all() {
            List<Value> all = new ArrayList<>(List.of(rows));
            columns.ifPresent(all::add);
            mean.ifPresent(all::add);
            return all;
        }
    }

    static ReducedGraph of(Model model, List<Probe> probes, Summary summary, int batch) {
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("examples");
        builder.clearOutputs();
        List<Outputs> outputs =
                probes.stream().map(probe -> outputs(builder, probe, summary)).toList();
        outputs.forEach(output -> output.all().forEach(builder::output));
        Graph graph = new Prune().then(new FixDimension(model.batch(), batch)).apply(builder.build());
        return new ReducedGraph(graph, outputs);
    }

    private static Outputs outputs(GraphBuilder builder, Probe probe, Summary summary) {
        ChannelLayer layer = probe.layer();
        Value maps = probe.emit(builder);
        Value ranked = summary == Summary.ABSOLUTE_MAXIMUM ? builder.node("Abs", maps) : maps;
        if (!layer.isSpatial()) {
            return new Outputs(ranked, Optional.empty(), Optional.empty());
        }
        Value rows = builder.node("MaxPool", Attributes.NONE.with("kernel_shape", 1L, (long) layer.width()), ranked);
        Value columns =
                builder.node("MaxPool", Attributes.NONE.with("kernel_shape", (long) layer.height(), 1L), ranked);
        Optional<Value> mean =
                summary == Summary.MEAN ? Optional.of(builder.node("GlobalAveragePool", maps)) : Optional.empty();
        return new Outputs(rows, Optional.of(columns), mean);
    }

    /** Whole maps of the probes, as used by {@link Summary}, for single pictures. */
    static ReducedGraph whole(Model model, List<Probe> probes, Summary summary) {
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("examples");
        builder.clearOutputs();
        List<Outputs> outputs = new ArrayList<>();
        for (Probe probe : probes) {
            Value maps = probe.emit(builder);
            Value ranked = summary == Summary.ABSOLUTE_MAXIMUM ? builder.node("Abs", maps) : maps;
            outputs.add(new Outputs(ranked, Optional.empty(), Optional.empty()));
            builder.output(ranked);
        }
        return new ReducedGraph(
                new Prune().then(new FixDimension(model.batch(), 1)).apply(builder.build()), outputs);
    }
}
