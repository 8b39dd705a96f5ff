package dev.vitrine.study.ablation;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Enter;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.ablation.ChangedNetworks.Tallies;
import dev.vitrine.study.picture.KnownPictures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Runs a network and changed versions of it on all pictures; the part before the first change is computed once and
 * shared, and only the rest runs for each version.
 */
record ChangedNetworks(Model model, KnownPictures known, List<Changed> changed) implements Survey<Tallies, Tallies> {
    private static final int FORMAT = 1;

    /**
     * A changed network.
     *
     * @param graph its graph, with the class scores as the output
     * @param entry a cut value before everything that changes
     * @param given other inputs of the graph
     */
    record Changed(Graph graph, Value entry, Map<Value, Tensor> given) {
        /** The part that runs for each version. */
        Graph tail(Model model) {
            Graph cut = new Cut(List.of(graph.outputs().get(0))).apply(graph);
            return entry.equals(model.input()) ? cut : new Enter(entry).apply(cut);
        }
    }

    /**
     * @param places indices of the pictures
     * @param whole result of the unchanged network
     * @param changed result of each changed network
     */
    record Tallies(int[] places, Tally whole, List<Tally> changed) {}

    static int[] joined(int[] left, int[] right) {
        return IntStream.concat(IntStream.of(left), IntStream.of(right)).toArray();
    }

    @Override
    public String id() {
        return "ablate";
    }

    @Override
    public PictureList pictures() {
        return known.pictures().list();
    }

    @Override
    public Question question() {
        return Question.of("changed networks", FORMAT).with("networks", changed.size());
    }

    @Override
    public Class<Tallies> part() {
        return Tallies.class;
    }

    @Override
    public int batch(ModelSession session) {
        return (int) session.forwardRuns(1 << 10, model.graph()).get(0)[1];
    }

    @Override
    public Look<Tallies> open(ModelSession session, int batch) {
        return new Looking(session, batch);
    }

    private final class Looking implements Look<Tallies> {
        private final ModelSession session;
        private final int batch;
        private final Executable prefix;

        /** Networks that differ only in their given inputs share a graph, and thus a session. */
        private final Map<Graph, Executable> tails = new IdentityHashMap<>();

        Looking(ModelSession session, int batch) {
            this.session = session;
            this.batch = batch;
            Set<Value> wanted = new LinkedHashSet<>();
            changed.forEach(one -> wanted.add(one.entry()));
            wanted.remove(model.input());
            wanted.add(model.logits());
            this.prefix = load(new Cut(List.copyOf(wanted)).apply(model.graph()));
        }

        private Executable load(Graph graph) {
            return session.runner().load(new FixDimension(model.batch(), batch).apply(graph));
        }

        @Override
        public Tallies at(Batch pictures) {
            Map<Value, Tensor> values = new HashMap<>(prefix.run(Map.of(model.input(), pictures.images())));
            values.put(model.input(), pictures.images());
            pictures.refuseNaN(List.of(values.get(model.logits())));
            List<Tally> tallies = new ArrayList<>();
            for (Changed one : pictures.items().isEmpty() ? List.<Changed>of() : changed) {
                Map<Value, Tensor> inputs = new HashMap<>(one.given());
                inputs.put(one.entry(), values.get(one.entry()));
                tallies.add(tally(
                        pictures,
                        tails.computeIfAbsent(one.graph(), graph -> load(one.tail(model)))
                                .run(inputs)
                                .get(one.graph().outputs().get(0))));
            }
            return new Tallies(
                    pictures.items().stream().mapToInt(Batch.Item::index).toArray(),
                    tally(pictures, values.get(model.logits())),
                    tallies);
        }

        private Tally tally(Batch pictures, Tensor logits) {
            return pictures.items().stream()
                    .map(item -> Tally.of(logits.rows(item.row(), item.row() + 1), known.target(item.index()), model))
                    .reduce(Tally.NONE, Tally::and);
        }

        @Override
        public void close() {
            prefix.close();
            tails.values().forEach(Executable::close);
        }
    }

    @Override
    public Tallies merge(Tallies left, Tallies right) {
        return new Tallies(
                joined(left.places(), right.places()),
                left.whole().and(right.whole()),
                IntStream.range(0, changed.size())
                        .mapToObj(index ->
                                left.changed().get(index).and(right.changed().get(index)))
                        .toList());
    }

    @Override
    public Tallies finish(Tallies all, Seen seen) {
        return all;
    }
}
