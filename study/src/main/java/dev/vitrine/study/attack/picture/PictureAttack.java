package dev.vitrine.study.attack.picture;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.attack.ChangeSize;
import dev.vitrine.study.attack.Goal;
import dev.vitrine.study.attack.Strike;
import dev.vitrine.study.page.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Adversarial examples of single pictures, with the network's predictions and what they rest on before and after. */
public record PictureAttack(Model model, PictureList pictures, Attack attack, Goal goal)
        implements Survey<AttackedPictures, AttackedPictures> {
    private static final int FORMAT = 1;
    private static final Attribution MAP = Attributions.find("grad-cam").standard();

    /** @throws VitrineException of kind USAGE if the attack cannot be told which class to reach */
    public PictureAttack {
        if (goal.kind() != Goal.Kind.ANY && !attack.canTarget()) {
            throw VitrineException.usage(
                    "'" + attack.id() + "' cannot be told which class to reach; expected no target.");
        }
    }

    @Override
    public String id() {
        return "attack-pictures";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("method", attack)
                .with("goal", goal);
    }

    @Override
    public Class<AttackedPictures> part() {
        return AttackedPictures.class;
    }

    @Override
    public Batch.Need need() {
        return Batch.Need.VIEW;
    }

    @Override
    public int batch(ModelSession session) {
        return 1;
    }

    @Override
    public Look<AttackedPictures> open(ModelSession session, int batch) {
        return new Looking(session);
    }

    private final class Looking implements Look<AttackedPictures> {
        private final ModelSession session;
        private final Strike strike;

        Looking(ModelSession session) {
            this.session = session;
            this.strike = new Strike(session);
        }

        @Override
        public AttackedPictures at(Batch batch) {
            return at(batch, Progress.NONE);
        }

        @Override
        public AttackedPictures at(Batch batch, Progress within) {
            List<AttackedPicture> attacked = new ArrayList<>();
            for (Batch.Item item : batch.items()) {
                attacked.add(at(item, within));
            }
            return new AttackedPictures(attacked);
        }

        private AttackedPicture at(Batch.Item item, Progress within) {
            PictureValues values = strike.values();
            float[] picture = values.of(item.view().orElseThrow());
            Tensor before = strike.logits(picture);
            int label = Subjects.best(before.toFloats());
            OptionalInt target = goal.of(label, before.toFloats(), item.index());
            if (target.isPresent() && target.getAsInt() == label) {
                String problem = item.name() + ": the network already predicts the target, " + model.display(label)
                        + "; expected another class.";
                throw pictures.size() == 1 ? VitrineException.usage(problem) : VitrineException.failure(problem);
            }
            Subjects subject = new Subjects(
                    List.of(picture),
                    new int[] {label},
                    target.isPresent() ? Optional.of(new int[] {target.getAsInt()}) : Optional.empty(),
                    new long[] {item.index()});
            Attack.Crafted crafted = strike.on(attack, subject, within);
            float[] changed = crafted.pictures().get(0);
            Tensor after = strike.logits(changed);
            Optional<String> withoutMaps = Optional.empty();
            Optional<Tensor> mapBefore = Optional.empty();
            Optional<Tensor> mapAfter = Optional.empty();
            try {
                mapBefore = Optional.of(map(picture, label));
                mapAfter = Optional.of(map(changed, Subjects.best(after.toFloats())));
            } catch (VitrineException impossible) {
                withoutMaps = Optional.of(impossible.getMessage());
            }
            return new AttackedPicture(
                    item.index(),
                    item.name(),
                    label,
                    target,
                    PictureValues.samples(picture),
                    PictureValues.samples(changed),
                    subject.succeeds(0, after.toFloats()),
                    new AttackedPicture.Seen(label, new Answer(model, before).top(), mapBefore),
                    new AttackedPicture.Seen(Subjects.best(after.toFloats()), new Answer(model, after).top(), mapAfter),
                    ChangeSize.of(picture, changed),
                    crafted.queries()[0],
                    withoutMaps);
        }

        private Tensor map(float[] picture, int label) {
            Tensor attribution = session.explainer(MAP, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(strike.values().input(picture), ModelSession.targets(label), Progress.NONE)
                    .attribution();
            return PixelHeat.of(MAP, attribution, model);
        }
    }

    @Override
    public AttackedPictures merge(AttackedPictures left, AttackedPictures right) {
        return new AttackedPictures(Stream.concat(left.pictures().stream(), right.pictures().stream())
                .toList());
    }

    @Override
    public AttackedPictures finish(AttackedPictures all, Seen seen) {
        return all;
    }
}
