package dev.vitrine.study.ablation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Enter;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.picture.KnownPictures;
import dev.vitrine.study.picture.PictureBatches;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * All pictures through a network and through changed ones: what comes before a change is computed once for all of them,
 * and only what comes after it runs again.
 */
final class Sweep {
    /** Room for the weights of changed networks that are open at a time, which the runtime holds twice. */
    private static final long OPEN_BYTES = 384L << 20;

    private final ModelSession session;
    private final KnownPictures known;
    private final TreeMap<Integer, String> unreadable = new TreeMap<>();

    Sweep(ModelSession session, KnownPictures known) {
        this.session = session;
        this.known = known;
    }

    /**
     * A changed network.
     *
     * @param graph of it, with the class scores as the output
     * @param entry a joint before all that changes
     * @param given other inputs of the graph
     */
    record Changed(Graph graph, Value entry, Map<Value, Tensor> given) {}

    /** What could not be read: place and reason. */
    Map<Integer, String> unreadable() {
        return unreadable;
    }

    /** Hears what each batch is, in order: the values asked for, rows of pictures that could be read, and their places. */
    interface Listener {
        void batch(Map<Value, Tensor> values, List<Integer> places);
    }

    /** Runs a graph that begins with the picture over all pictures. */
    void pass(Graph graph, Map<Value, Extra> extras, Listener listener, Progress progress) {
        try (Executable executable = open(graph, batch())) {
            batches(
                    (images, places, check) -> {
                        Map<Value, Tensor> inputs = new HashMap<>();
                        inputs.put(session.model().input(), images);
                        extras.forEach((value, extra) -> inputs.put(value, extra.of(places, batch())));
                        Map<Value, Tensor> results = executable.run(inputs);
                        if (check.isSound(results.values())) {
                            listener.batch(results, places);
                        }
                    },
                    progress);
        }
    }

    /** An input that differs from picture to picture. */
    interface Extra {
        Tensor of(List<Integer> places, int batch);
    }

    /** The right classes, the last one again until the batch is full. */
    Extra targets() {
        return (places, batch) -> {
            long[] targets = new long[batch];
            for (int row = 0; row < batch; row++) {
                targets[row] = known.target(places.get(Math.min(row, places.size() - 1)));
            }
            return Tensor.vector(targets);
        };
    }

    /** A tally of the whole network, and of each changed one as soon as it is whole. */
    interface Tallies {
        void told(int index, Tally changed, Tally whole);
    }

    /** Asks all changed networks, as many at a time as have room. */
    void ask(List<Changed> changed, Tallies tallies, Progress progress) {
        List<List<Integer>> parts = parts(changed);
        for (int part = 0; part < parts.size(); part++) {
            long before = part;
            Progress within = (done, total) -> progress.report(before * total + done, (long) parts.size() * total);
            ask(changed, parts.get(part), tallies, within);
        }
    }

    private List<List<Integer>> parts(List<Changed> changed) {
        List<List<Integer>> parts = new ArrayList<>(List.of(new ArrayList<>()));
        Set<Graph> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        long bytes = 0;
        for (int index = 0; index < changed.size(); index++) {
            Graph graph = changed.get(index).graph();
            if (!seen.contains(graph)) {
                long own = bytes(tail(changed.get(index)));
                if (bytes > 0 && bytes + own > OPEN_BYTES) {
                    parts.add(new ArrayList<>());
                    seen.clear();
                    bytes = 0;
                }
                seen.add(graph);
                bytes += own;
            }
            parts.get(parts.size() - 1).add(index);
        }
        return parts;
    }

    private static long bytes(Graph graph) {
        return 2
                * graph.constants().values().stream()
                        .mapToLong(tensor -> tensor.bytes().remaining())
                        .sum();
    }

    private Graph tail(Changed changed) {
        Graph cut = new Cut(List.of(changed.graph().outputs().get(0))).apply(changed.graph());
        return changed.entry().equals(session.model().input()) ? cut : new Enter(changed.entry()).apply(cut);
    }

    private void ask(List<Changed> changed, List<Integer> part, Tallies tallies, Progress progress) {
        Model model = session.model();
        Set<Value> entries = new LinkedHashSet<>();
        part.forEach(index -> entries.add(changed.get(index).entry()));
        entries.remove(model.input());
        List<Value> wanted = new ArrayList<>(entries);
        wanted.add(model.logits());
        // Changed networks that differ in what is given alone share a graph, and so a session.
        Map<Graph, Executable> open = new IdentityHashMap<>();
        Tally whole = new Tally();
        Map<Integer, Tally> own = new LinkedHashMap<>();
        part.forEach(index -> own.put(index, new Tally()));
        try (Executable prefix = open(new Cut(wanted).apply(model.graph()), batch())) {
            try {
                batches(
                        (images, places, check) -> {
                            Map<Value, Tensor> values = prefix.run(Map.of(model.input(), images));
                            if (!check.isSound(List.of(values.get(model.logits())))) {
                                return;
                            }
                            Map<Value, Tensor> entered = new HashMap<>(values);
                            entered.put(model.input(), images);
                            tally(whole, values.get(model.logits()), places);
                            for (int index : part) {
                                Changed one = changed.get(index);
                                Map<Value, Tensor> inputs = new HashMap<>(one.given());
                                inputs.put(one.entry(), entered.get(one.entry()));
                                Tensor logits = open.computeIfAbsent(one.graph(), graph -> open(tail(one), batch()))
                                        .run(inputs)
                                        .get(one.graph().outputs().get(0));
                                tally(own.get(index), logits, places);
                            }
                        },
                        progress);
            } finally {
                own.forEach((index, tally) -> {
                    if (tally.count() > 0) {
                        tallies.told(index, tally, whole);
                    }
                });
            }
        } finally {
            open.values().forEach(Executable::close);
        }
    }

    private Executable open(Graph graph, int batch) {
        return session.runner().load(new FixDimension(session.model().batch(), batch).apply(graph));
    }

    private void tally(Tally tally, Tensor logits, List<Integer> places) {
        for (int row = 0; row < places.size(); row++) {
            tally.add(logits.rows(row, row + 1), known.target(places.get(row)), session.model());
        }
    }

    /** What is done with the pictures of a batch, filled up to its full size; done again without those found unfit. */
    private interface Work {
        void run(Tensor images, List<Integer> places, Check check);
    }

    /** Asked with what the network as it is makes of a batch, a row a picture, before anything is added up. */
    private interface Check {
        boolean isSound(Collection<Tensor> results);
    }

    private int batch() {
        return (int) session.forwardRuns(1 << 10, session.model().graph()).get(0)[1];
    }

    private void run(Work work, PictureBatches.Batch pictures, int batch) {
        if (pictures.isEmpty()) {
            return;
        }
        List<Tensor> images = new ArrayList<>(pictures.images());
        while (images.size() < batch) {
            images.add(images.get(images.size() - 1));
        }
        List<PictureBatches.Batch> fit = new ArrayList<>();
        work.run(Tensor.concatenate(images), pictures.places(), results -> {
            PictureBatches.Batch kept = pictures.withoutNaN(results, known.pictures());
            fit.add(kept);
            return kept.places().size() == pictures.places().size();
        });
        PictureBatches.Batch kept = fit.get(0);
        if (kept.places().size() < pictures.places().size()) {
            kept.unreadable().forEach(one -> unreadable.put(one.place(), one.message()));
            run(work, kept, batch);
        }
    }

    private void batches(Work work, Progress progress) {
        int count = known.pictures().size();
        List<Integer> wanted = IntStream.range(0, count)
                .filter(place -> !unreadable.containsKey(place))
                .boxed()
                .toList();
        int batch = batch();
        int done = 0;
        try (PictureBatches batches =
                new PictureBatches(known.pictures(), session.model().preprocessing(), wanted, batch)) {
            while (batches.hasNext()) {
                PictureBatches.Batch next = batches.next();
                next.unreadable().forEach(one -> unreadable.put(one.place(), one.message()));
                run(work, next, batch);
                done += next.places().size() + next.unreadable().size();
                progress.report(done, wanted.size());
            }
        }
        if (unreadable.size() == count) {
            throw VitrineException.failure(
                    "None of the " + count + " pictures could be read; expected at least one. The" + " first: "
                            + unreadable.firstEntry().getValue());
        }
    }
}
