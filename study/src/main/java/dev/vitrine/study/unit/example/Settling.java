package dev.vitrine.study.unit.example;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.unit.example.Ranking.End;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Resolves ties across several rows and columns from whole maps: the first position in reading order wins. */
final class Settling {
    private final ExampleSearch search;
    private final Map<Spot, Integer> places = new HashMap<>();

    /** A channel's map on a picture. */
    private record Spot(int picture, int probe, int channel) {}

    private Settling(ExampleSearch search) {
        this.search = search;
    }

    static Examples of(Examples examples, ExampleSearch search, ModelSession session) {
        Settling settling = new Settling(search);
        settling.look(settling.open(examples), session);
        return settling.settled(examples);
    }

    private Map<Integer, List<Spot>> open(Examples examples) {
        Map<Integer, List<Spot>> open = new TreeMap<>();
        for (int probe = 0; probe < examples.probes().size(); probe++) {
            for (End end : End.values()) {
                List<List<Example>> channels = examples.probes().get(probe).at(end);
                for (int channel = 0; channel < channels.size(); channel++) {
                    for (Example example : channels.get(channel)) {
                        if (!example.isSettled()) {
                            open.computeIfAbsent(example.picture(), key -> new ArrayList<>())
                                    .add(new Spot(example.picture(), probe, channel));
                        }
                    }
                }
            }
        }
        return open;
    }

    private void look(Map<Integer, List<Spot>> open, ModelSession session) {
        if (open.isEmpty()) {
            return;
        }
        ReducedGraph whole = ReducedGraph.whole(
                search.model(), search.probes(), search.settings().summary());
        try (Executable executable = session.runner().load(whole.graph())) {
            open.forEach((picture, spots) -> {
                Tensor input = session.filled(
                        search.model().preprocessing().apply(search.pictures().read(picture)));
                Map<Integer, Value> wanted = new LinkedHashMap<>();
                spots.forEach(spot -> wanted.put(
                        spot.probe(), whole.probes().get(spot.probe()).rows()));
                Map<Value, Tensor> maps =
                        executable.run(Map.of(search.model().input(), input), List.copyOf(wanted.values()));
                Map<Integer, float[]> values = new HashMap<>();
                wanted.forEach(
                        (probe, value) -> values.put(probe, maps.get(value).toFloats()));
                for (Spot spot : spots) {
                    int size = search.probes().get(spot.probe()).layer().places();
                    places.put(spot, firstMaximum(values.get(spot.probe()), spot.channel() * size, size));
                }
            });
        }
    }

    private static int firstMaximum(float[] values, int from, int count) {
        int best = 0;
        for (int place = 1; place < count; place++) {
            best = values[from + place] > values[from + best] ? place : best;
        }
        return best;
    }

    private Examples settled(Examples examples) {
        List<Examples.Found> probes = IntStream.range(0, examples.probes().size())
                .mapToObj(probe -> new Examples.Found(
                        examples.probes().get(probe).name(),
                        settled(examples, probe, End.STRONGEST),
                        settled(examples, probe, End.WEAKEST)))
                .toList();
        return new Examples(
                examples.pictures(), examples.unreadable(), examples.summary(), probes, examples.likeness());
    }

    private List<List<Example>> settled(Examples examples, int probe, End end) {
        int width = search.probes().get(probe).layer().width();
        List<List<Example>> channels = examples.probes().get(probe).at(end);
        return IntStream.range(0, channels.size())
                .mapToObj(channel -> channels.get(channel).stream()
                        .map(example -> example.isSettled()
                                ? example
                                : example.at(places.get(new Spot(example.picture(), probe, channel)), width))
                        .toList())
                .toList();
    }
}
