package dev.vitrine.study.attack.folder;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Ball;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Stems;
import dev.vitrine.study.Survey;
import dev.vitrine.study.attack.ChangeSize;
import dev.vitrine.study.attack.Goal;
import dev.vitrine.study.attack.Strike;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Accuracy and success over labeled pictures under an attack of rising strength. A picture that is broken is not given to
 * stronger attacks, since its change lies within their bound too. Adversarial pictures are written as they are found.
 *
 * @param labels true class of each picture
 * @param attacks the same attack, epsilon rising
 * @param folder for the adversarial pictures
 */
public record FolderAttack(
        Model model, PictureList pictures, List<Integer> labels, List<Attack> attacks, Goal goal, Path folder)
        implements Survey<AttackedRows, Resistance> {
    private static final int FORMAT = 1;

    /** Subfolder of the adversarial pictures. */
    static final String ADVERSARIAL = "adversarial";

    /** @throws VitrineException of kind USAGE if goal, attack and labels do not go together */
    public FolderAttack {
        labels = List.copyOf(labels);
        attacks = List.copyOf(attacks);
        if (goal.kind() != Goal.Kind.ANY && !attacks.get(0).canTarget()) {
            throw VitrineException.usage(
                    "'" + attacks.get(0).id() + "' cannot be told which class to reach; expected no target.");
        }
        if (goal.kind() == Goal.Kind.NAMED && labels.stream().allMatch(label -> label == goal.named())) {
            throw VitrineException.usage("The target, " + model.display(goal.named())
                    + ", is the true class of every picture; expected another class.");
        }
    }

    /** The largest change of an attack; empty if it looks for the smallest. */
    OptionalDouble epsilon(int level) {
        Optional<Ball> ball = attacks.get(level).bound();
        return ball.isPresent() ? OptionalDouble.of(ball.get().radius()) : OptionalDouble.empty();
    }

    @Override
    public String id() {
        return "attack-folder";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("labels", labels)
                .with("attacks", attacks)
                .with("goal", goal);
    }

    @Override
    public Class<AttackedRows> part() {
        return AttackedRows.class;
    }

    @Override
    public Batch.Need need() {
        return Batch.Need.VIEW;
    }

    @Override
    public int batch(ModelSession session) {
        return session.batchSize();
    }

    @Override
    public Look<AttackedRows> open(ModelSession session, int batch) {
        return new Looking(session);
    }

    /** A file for each picture, the same in every run. */
    private List<String> files(String extension) {
        Stems stems = new Stems();
        return IntStream.range(0, pictures.size())
                .mapToObj(index -> {
                    String group = Stems.slug(pictures.className(index));
                    return ADVERSARIAL + "/" + (group.isEmpty() ? "" : group + "/") + stems.of(pictures.name(index))
                            + extension;
                })
                .toList();
    }

    private final class Looking implements Look<AttackedRows> {
        private final Strike strike;
        private final List<String> files;

        Looking(ModelSession session) {
            strike = new Strike(session);
            files = files(strike.values().fitPictureFile() ? ".png" : ".npy");
        }

        @Override
        public AttackedRows at(Batch batch) {
            return at(batch, Progress.NONE);
        }

        @Override
        public AttackedRows at(Batch batch, Progress within) {
            List<State> states =
                    batch.items().stream().map(item -> new State(item, strike)).toList();
            for (int level = 0; level < attacks.size(); level++) {
                List<State> open = states.stream().filter(State::isOpen).toList();
                if (!open.isEmpty()) {
                    int from = level;
                    attack(open, level, (done, all) -> within.report(from * all + done, attacks.size() * all));
                }
            }
            return new AttackedRows(states.stream().map(State::row).toList());
        }

        private void attack(List<State> open, int level, Progress within) {
            Subjects subjects = new Subjects(
                    open.stream().map(state -> state.picture).toList(),
                    open.stream().mapToInt(state -> state.label).toArray(),
                    goal.kind() == Goal.Kind.ANY
                            ? Optional.empty()
                            : Optional.of(open.stream()
                                    .mapToInt(state -> state.target.getAsInt())
                                    .toArray()),
                    open.stream().mapToLong(state -> state.item.index()).toArray());
            Attack.Crafted crafted = strike.on(attacks.get(level), subjects, within);
            for (int row = 0; row < open.size(); row++) {
                State state = open.get(row);
                state.queries.add(crafted.queries()[row]);
                float[] changed = crafted.pictures().get(row);
                Tensor after = strike.logits(changed);
                if (subjects.succeeds(row, after.toFloats())) {
                    int best = Subjects.best(after.toFloats());
                    String file = files.get(state.item.index());
                    write(folder.resolve(file), changed);
                    state.broken = Optional.of(new AttackedRow.Broken(
                            level,
                            best,
                            Targets.shown(after, model)[best],
                            ChangeSize.of(state.picture, changed),
                            file));
                }
            }
        }

        private void write(Path file, float[] changed) {
            byte[] samples = PictureValues.samples(changed);
            if (strike.values().fitPictureFile()) {
                Png.write(file, strike.values().image(samples), Png.facts());
            } else {
                OutputFile.write(file, Npy.bytes(strike.values().array(samples)));
            }
        }
    }

    /** A picture under attack. */
    private final class State {
        final Batch.Item item;
        final float[] picture;
        final int label;
        final int before;
        final OptionalInt target;
        final List<Long> queries = new ArrayList<>();
        Optional<AttackedRow.Broken> broken = Optional.empty();

        State(Batch.Item item, Strike strike) {
            this.item = item;
            picture = strike.values().of(item.view().orElseThrow());
            label = labels.get(item.index());
            float[] logits = strike.logits(picture).toFloats();
            before = Subjects.best(logits);
            target = goal.of(label, logits, item.index());
        }

        boolean isOpen() {
            return broken.isEmpty() && row().counts();
        }

        AttackedRow row() {
            return new AttackedRow(item.index(), item.name(), label, target, before, broken, queries);
        }
    }

    @Override
    public AttackedRows merge(AttackedRows left, AttackedRows right) {
        return new AttackedRows(
                Stream.concat(left.rows().stream(), right.rows().stream()).toList());
    }

    @Override
    public Resistance finish(AttackedRows all, Seen seen) {
        return Resistance.of(this, all.rows());
    }
}
