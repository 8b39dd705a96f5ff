package dev.vitrine.study.ablation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.HoldChannels;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.ablation.ChangedNetworks.Changed;
import dev.vitrine.study.picture.KnownPictures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Error with each layer removed in turn and the others unchanged. Zeiler and Fergus 2014, table 3, without retraining;
 * blocks of residual networks as in Veit, Wilber and Belongie 2016, arXiv:1605.06431.
 *
 * @param layers names; if empty, all that can be removed
 * @param retraining fine-tuning of the remaining network, if requested
 */
public record LayerAblation(
        Model model, KnownPictures known, Fill fill, List<String> layers, Optional<Retraining> retraining)
        implements Study<Ablation> {
    private static final int FORMAT = 1;

    public LayerAblation {
        layers = List.copyOf(layers);
    }

    /** A removed layer and the outcome, compared with the intact network. */
    public record Result(Removal removal, Outcome outcome, Outcome whole) {}

    @Override
    public String id() {
        return "ablate-layers";
    }

    private Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(known.pictures().list())
                .with("classes", known.classes())
                .with("fill", fill)
                .with("layers", layers);
    }

    private List<Removal> removals() {
        List<Removal> removals = layers.isEmpty() ? Removals.all(model) : Removals.named(model, layers);
        if (removals.isEmpty()) {
            throw VitrineException.usage("Model '" + model.name()
                    + "' has no layer with weights before its head; expected at least one that can be removed.");
        }
        return removals;
    }

    /** Evaluates the network without each layer, and fine-tunes the rest if requested. */
    @Override
    public dev.vitrine.study.Outcome<Ablation> run(StudyContext context) {
        List<Removal> removals = removals();
        context.parts().begin(question());
        Sweep sweep = new Sweep(context, model, known);
        double sweeping = retraining.isPresent() ? 0.1 : 1;
        List<Value> held = removals.stream()
                .filter(removal -> removal.how() == Removal.How.HELD)
                .map(Removal::value)
                .distinct()
                .toList();
        // The pass for the means is short compared with one that runs every changed network.
        double means = fill == Fill.MEAN && !held.isEmpty() ? 0.2 : 0;
        Map<Value, Tensor> levels = Levels.of(model, held, fill, sweep, sweeping * means);
        List<Changed> changed = new ArrayList<>();
        for (Removal removal : removals) {
            Graph graph = removal.apply(new Cut(List.of(model.logits())).apply(model.graph()));
            changed.add(new Changed(graph, removal.entry(), given(removal, levels)));
        }
        String work = removals.size() + (removals.size() == 1 ? " layer" : " layers");
        List<Sweep.Compared> told = sweep.ask("networks", work, sweeping * (1 - means), changed);
        List<Result> results = new ArrayList<>();
        for (int index = 0; index < told.size(); index++) {
            Sweep.Compared one = told.get(index);
            results.add(new Result(removals.get(index), one.outcome(), one.before()));
        }
        Optional<String> missing = sweep.missing();
        Optional<Retraining.Results> retrained = Optional.empty();
        if (missing.isEmpty() && retraining.isPresent()) {
            try {
                retrained = Optional.of(retraining
                        .get()
                        .run(context.session(model), removals, context.watcher().piece("fine-tuning", 0.9)));
            } catch (CancellationException stopped) {
                missing = Optional.of("the layers, before all networks were fine-tuned");
            }
        }
        return new dev.vitrine.study.Outcome<>(
                new Ablation(results, List.of(), retrained), sweep.unreadable(), missing);
    }

    private Map<Value, Tensor> given(Removal removal, Map<Value, Tensor> levels) {
        if (removal.how() != Removal.How.HELD) {
            return Map.of();
        }
        HoldChannels hold = new HoldChannels(removal.value());
        int channels = Levels.channels(model, removal.value());
        return Map.of(
                hold.kept(), Tensor.floats(new float[channels], channels), hold.level(), levels.get(removal.value()));
    }
}
