package dev.vitrine.study.ablation;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Survey;
import dev.vitrine.study.ablation.ChangedNetworks.Changed;
import dev.vitrine.study.ablation.ChangedNetworks.Tallies;
import dev.vitrine.study.picture.KnownPictures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The passes of an ablation over the same pictures; each pass stores its own partial results. */
final class Sweep {
    /** Memory for the weights of the networks open at a time; the runtime holds them twice. */
    private static final long OPEN_BYTES = 384L << 20;

    private final StudyContext context;
    private final Model model;
    private final Set<String> unreadable = new LinkedHashSet<>();
    private KnownPictures known;
    private Optional<String> missing = Optional.empty();

    Sweep(StudyContext context, Model model, KnownPictures known) {
        this.context = context;
        this.model = model;
        this.known = known;
    }

    /** Reasons for skipped pictures, one sentence each. */
    List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    /** What an interrupted pass left undone. */
    Optional<String> missing() {
        return missing;
    }

    /** One pass; later passes skip the pictures that it could not read. */
    private <R> R pass(String name, String work, double share, Survey<?, R> survey, Function<R, int[]> places) {
        dev.vitrine.study.Outcome<R> outcome = survey.run(context.piece(name, work, share));
        unreadable.addAll(outcome.unreadable());
        missing = outcome.missing();
        if (outcome.missing().isEmpty()) {
            known = known.only(
                    IntStream.of(places.apply(outcome.result())).boxed().toList());
        }
        return outcome.result();
    }

    /**
     * The means of the outputs of a graph over the pictures.
     *
     * @param rows {@code f32[N,C]} for each key
     */
    Map<Value, double[]> means(String name, double share, Graph graph, Map<Value, Value> rows) {
        List<Value> outputs = List.copyOf(rows.values());
        RowSums.Sums sums = pass(name, name, share, new RowSums(model, known, graph, outputs), RowSums.Sums::places);
        if (missing.isPresent()) {
            throw new CancellationException("stopped");
        }
        Map<Value, double[]> means = new LinkedHashMap<>();
        rows.keySet().forEach(key -> means.put(key, sums.mean(outputs.indexOf(rows.get(key)))));
        return means;
    }

    /** A changed network and its tally. */
    record Compared(Tally changed, Tally whole) {
        Outcome outcome() {
            return changed.against(whole);
        }

        Outcome before() {
            return whole.against(whole);
        }
    }

    /** Evaluates the changed networks, as many at a time as fit in memory; if interrupted, returns those evaluated. */
    List<Compared> ask(String name, String work, double share, List<Changed> changed) {
        List<Compared> told = new ArrayList<>();
        List<List<Changed>> groups = groups(changed);
        for (int group = 0; group < groups.size() && missing.isEmpty(); group++) {
            try {
                Tallies tallies = pass(
                        name + "-" + group,
                        work,
                        share / groups.size(),
                        new ChangedNetworks(model, known, groups.get(group)),
                        Tallies::places);
                tallies.changed().forEach(one -> told.add(new Compared(one, tallies.whole())));
            } catch (CancellationException stopped) {
                if (told.isEmpty()) {
                    throw stopped;
                }
                missing = Optional.of(told.size() + " of " + changed.size() + " changed networks");
            }
        }
        return told;
    }

    private List<List<Changed>> groups(List<Changed> changed) {
        List<List<Changed>> groups = new ArrayList<>(List.of(new ArrayList<>()));
        Set<Graph> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        long bytes = 0;
        for (Changed one : changed) {
            if (!seen.contains(one.graph())) {
                long own = bytes(one.tail(model));
                if (bytes > 0 && bytes + own > OPEN_BYTES) {
                    groups.add(new ArrayList<>());
                    seen.clear();
                    bytes = 0;
                }
                seen.add(one.graph());
                bytes += own;
            }
            groups.get(groups.size() - 1).add(one);
        }
        return groups;
    }

    private static long bytes(Graph graph) {
        return 2
                * graph.constants().values().stream()
                        .mapToLong(tensor -> tensor.bytes().remaining())
                        .sum();
    }
}
