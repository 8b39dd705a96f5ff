package dev.vitrine.study.ablation;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values that every way from the picture to the class scores leads through, in order, both ends included. */
final class Joints {
    private Joints() {}

    static List<Value> of(Graph graph, Value input, Value output) {
        Graph needed = new Cut(List.of(output)).apply(graph);
        Set<Value> dependent = new HashSet<>(Set.of(input));
        Map<Value, Integer> waiting = new HashMap<>();
        for (Node node : needed.nodes()) {
            for (Value read : node.reads()) {
                waiting.merge(read, 1, Integer::sum);
            }
            if (node.reads().stream().anyMatch(dependent::contains)) {
                dependent.addAll(node.outputs());
            }
        }
        waiting.merge(output, 1, Integer::sum);
        Set<Value> live = new HashSet<>(Set.of(input));
        List<Value> joints = new ArrayList<>(live);
        for (Node node : needed.nodes()) {
            boolean changed = false;
            for (Value read : node.reads()) {
                if (dependent.contains(read) && waiting.merge(read, -1, Integer::sum) == 0) {
                    live.remove(read);
                }
            }
            for (Value written : node.outputs()) {
                if (dependent.contains(written) && waiting.containsKey(written)) {
                    live.add(written);
                    changed = true;
                }
            }
            if (changed && live.size() == 1) {
                joints.addAll(live);
            }
        }
        return joints;
    }
}
