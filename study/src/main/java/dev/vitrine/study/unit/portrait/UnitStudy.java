package dev.vitrine.study.unit.portrait;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.lens.unit.filter.Contributions;
import dev.vitrine.lens.unit.filter.LinearStep;
import dev.vitrine.lens.visualization.ActivationMaximization;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.unit.example.Example;
import dev.vitrine.study.unit.example.Examples;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * What one unit detects: its strongest examples, their strongest inputs, and a picture optimized to activate it.
 *
 * @param unit with a channel
 * @param pictures none to use the weights alone
 * @param stored examples of the unit's layer among these pictures, instead of a pass over them
 */
public record UnitStudy(
        Model model,
        UnitName unit,
        Optional<PictureList> pictures,
        Optional<Outcome<Examples>> stored,
        Settings settings)
        implements Study<UnitFindings> {
    /** Side of the synthesized picture, as in Olah et al. 2017. */
    private static final int SIDE = 128;

    private static final long SEED = 0;

    public UnitStudy {
        if (stored.isPresent() && unit.place().isPresent()) {
            throw VitrineException.usage("Unit '" + unit.words() + "': found a row and a column; expected a channel,"
                    + " since stored examples are of channels.");
        }
    }

    /** Level of detail. */
    public record Settings(
            @Setting(label = "K", least = 1, meaning = "number of strongest and of weakest examples")
            int top,

            @Setting(
                    least = 0,
                    meaning = "optimization steps for a picture that activates the channel; 0 for no picture")
            int steps) {
        public static final Settings USUAL = new Settings(9, 256);

        public Settings {
            dev.vitrine.lens.setting.Settings.require(Settings.class, top, steps);
        }
    }

    @Override
    public String id() {
        return "unit";
    }

    @Override
    public Outcome<UnitFindings> run(StudyContext context) {
        Outcome<UnitFindings> seen = seen(context);
        if (seen.isPartial()) {
            return seen;
        }
        ModelSession session = context.session(model);
        UnitFindings findings = seen.result();
        try {
            findings = findings.with(drivers(findings.strongest(), session));
            findings = made(findings, session, context.watcher());
        } catch (CancellationException asked) {
            String missing = "all pictures, before one was optimized to activate it";
            return new Outcome<>(findings, seen.unreadable(), Optional.of(missing));
        }
        return new Outcome<>(findings, seen.unreadable(), Optional.empty());
    }

    private Outcome<UnitFindings> seen(StudyContext context) {
        if (stored.isPresent()) {
            int channel = unit.channel().orElseThrow();
            stored.get().unreadable().forEach(context.watcher()::leftOut);
            Outcome<Examples> all =
                    new Outcome<>(stored.get().result(), stored.get().unreadable(), Optional.empty());
            return all.map(examples -> UnitFindings.of(examples.strongest(0, channel), examples.weakest(0, channel)));
        }
        return pictures.map(list -> new PortraitStudy(model, list, unit, settings.top())
                        .run(context)
                        .map(UnitFindings::of))
                .orElseGet(() -> Outcome.of(UnitFindings.of(List.of(), List.of())));
    }

    /** Channels of the previous layer that contribute most to the unit in its strongest examples. */
    private List<Contributions.Input> drivers(List<Example> most, ModelSession session) {
        Optional<LinearStep> step = LinearStep.of(model, unit.layer().value());
        if (most.isEmpty() || step.isEmpty()) {
            return List.of();
        }
        Tensor images = model.preprocessing()
                .apply(most.stream()
                        .map(example -> pictures.orElseThrow().read(example.picture()))
                        .toList());
        List<Contributions.Place> places = most.stream()
                .map(example -> new Contributions.Place(example.row(), example.column()))
                .toList();
        return Contributions.of(session, step.get(), unit.channel().orElseThrow(), images, places);
    }

    /** Adds a picture that activates the channel, by gradient ascent. */
    private UnitFindings made(UnitFindings findings, ModelSession session, Watcher watcher) {
        if (settings.steps() == 0) {
            return findings;
        }
        Preprocessing own = model.preprocessing();
        int side = Math.min(SIDE, Math.min(own.width(), own.height()));
        ActivationMaximization usual = ActivationMaximization.MODERN.withSteps(settings.steps());
        ActivationMaximization method = unit.layer().isSpatial() ? usual.withSize(side, side) : usual;
        UnitScore score = new UnitScore(
                unit.layer().value(), new UnitScore.Channel(unit.channel().orElseThrow()));
        watcher.begin("optimizing a picture", 1);
        try (ActivationMaximization.Maximizer maximizer = method.on(session, score)) {
            Synthesis synthesis = maximizer.run(SEED, (done, total) -> {
                watcher.report(done, total);
                watcher.check();
            });
            return findings.with(new UnitFindings.Made(
                    synthesis.pictures(), synthesis.scores().get(0), settings.steps(), SEED));
        } catch (VitrineException impossible) {
            watcher.check();
            return findings.noted("No picture could be optimized to activate it: " + impossible.getMessage());
        } finally {
            watcher.end();
        }
    }
}
