package dev.vitrine.study.ablation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.HoldChannels;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.picture.KnownPictures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Error with each layer taken out, the others as they are. Zeiler & Fergus 2014, table 3, without training again; blocks
 * of residual networks as in Veit, Wilber & Belongie 2016, arXiv:1605.06431.
 */
public final class LayerAblation {
    /** A layer taken out and what came of it, beside the whole network. */
    public record Result(Removal removal, Outcome outcome, Outcome whole) {}

    private final ModelSession session;
    private final Fill fill;
    private final Sweep sweep;
    private final List<Removal> removals;

    /**
     * @param layers names; all that can be taken out where there are none
     */
    public LayerAblation(ModelSession session, KnownPictures known, Fill fill, List<String> layers) {
        this.session = session;
        this.fill = fill;
        this.sweep = new Sweep(session, known);
        Model model = session.model();
        this.removals = layers.isEmpty() ? Removals.all(model) : Removals.named(model, layers);
        if (removals.isEmpty()) {
            throw VitrineException.usage("Model '" + model.name()
                    + "' has no layer with weights before its head; expected at least one that can be taken out.");
        }
    }

    public List<Removal> removals() {
        return removals;
    }

    /** Asks the network without each of them. */
    public void run(Progress progress, Consumer<Result> each) {
        Model model = session.model();
        List<Value> held = removals.stream()
                .filter(removal -> removal.how() == Removal.How.HELD)
                .map(Removal::value)
                .distinct()
                .toList();
        boolean looks = fill == Fill.MEAN && !held.isEmpty();
        // A pass for the means is short beside one that asks every changed network.
        int passes = looks ? 5 : 1;
        Map<Value, Tensor> levels =
                Levels.of(model, held, fill, sweep, (done, total) -> progress.report(done, total * passes));
        List<Sweep.Changed> changed = new ArrayList<>();
        for (Removal removal : removals) {
            Graph graph = removal.apply(new Cut(List.of(model.logits())).apply(model.graph()));
            changed.add(new Sweep.Changed(graph, removal.entry(), given(removal, levels)));
        }
        sweep.ask(
                changed,
                (index, without, whole) ->
                        each.accept(new Result(removals.get(index), without.against(whole), whole.against(whole))),
                (done, total) -> progress.report(looks ? total + (passes - 1) * done : done, total * passes));
    }

    private Map<Value, Tensor> given(Removal removal, Map<Value, Tensor> levels) {
        if (removal.how() != Removal.How.HELD) {
            return Map.of();
        }
        HoldChannels hold = new HoldChannels(removal.value());
        int channels = Levels.channels(session.model(), removal.value());
        return Map.of(
                hold.kept(), Tensor.floats(new float[channels], channels), hold.level(), levels.get(removal.value()));
    }

    /** Why pictures were left out, one sentence each. */
    public List<String> unreadable() {
        return List.copyOf(sweep.unreadable().values());
    }
}
