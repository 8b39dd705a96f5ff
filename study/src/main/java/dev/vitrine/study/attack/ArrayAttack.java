package dev.vitrine.study.attack;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Rounding;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.PictureArray;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.store.PartStore;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * An attack on all pictures of an array that has the size of the network's input.
 *
 * @param labels true class of each picture
 * @param targets class that each is to be taken for
 * @param kept whether changed pictures are rounded to 8 bits, lengthened where that undoes the attack
 */
public record ArrayAttack(
        Model model, Attack attack, PictureArray pictures, int[] labels, Optional<int[]> targets, Bits kept)
        implements Study<ArrayAttack.Answer> {
    private static final int FORMAT = 1;

    /** What the values of changed pictures are. */
    public enum Bits {
        REAL,
        EIGHT
    }

    /** The table, and the changed pictures, {@code [C,H,W]}, in their order. */
    public record Answer(AttackTable table, List<float[]> changed) {}

    /** @throws VitrineException of kind USAGE if pictures, labels, targets and network do not go together */
    public ArrayAttack {
        int height = model.preprocessing().height();
        int width = model.preprocessing().width();
        if (pictures.height() != height || pictures.width() != width || pictures.channels() != model.channels()) {
            throw VitrineException.usage("The pictures are [" + pictures.height() + ", " + pictures.width() + ", "
                    + pictures.channels() + "], height, width and channels; expected the input of '" + model.name()
                    + "', [" + height + ", " + width + ", " + model.channels() + "].");
        }
        require("labels", labels, pictures.count(), model);
        targets.ifPresent(wanted -> require("targets", wanted, pictures.count(), model));
        if (targets.isPresent() && !attack.canTarget()) {
            throw VitrineException.usage(
                    "'" + attack.id() + "' cannot be told which class to reach; expected no target.");
        }
        targets.ifPresent(wanted -> {
            for (int row = 0; row < wanted.length; row++) {
                if (wanted[row] == labels[row]) {
                    throw VitrineException.usage("Picture " + row + ": its target is its true class, " + labels[row]
                            + "; expected another class.");
                }
            }
        });
    }

    private static void require(String what, int[] classes, int count, Model model) {
        if (classes.length != count) {
            throw VitrineException.usage(
                    "Found " + classes.length + " " + what + " for " + count + " pictures; expected one each.");
        }
        for (int row = 0; row < classes.length; row++) {
            if (classes[row] < 0 || classes[row] >= model.classes()) {
                throw VitrineException.usage("Found the class " + classes[row] + " at " + row + " of the " + what
                        + "; expected 0 to " + (model.classes() - 1) + ".");
            }
        }
    }

    @Override
    public String id() {
        return "attack";
    }

    private Question question() {
        ByteBuffer bytes = ByteBuffer.allocate(4 * pictures.values().length);
        bytes.asFloatBuffer().put(pictures.values());
        return Question.of(id(), FORMAT)
                .with(model)
                .with("method", attack)
                .with("pictures", Digest.of(bytes.array()))
                .with("labels", Arrays.toString(labels))
                .with("targets", targets.map(Arrays::toString).orElse("none"))
                .with("bits", kept);
    }

    @Override
    public Outcome<Answer> run(StudyContext context) {
        Victim victim = new Victim(context.session(model));
        Optional<PartStore> store = context.parts().areKept() ? context.parts().of(question()) : Optional.empty();
        int size = Math.min(
                context.session(model).batchSize(), context.largestBatch().orElse(Integer.MAX_VALUE));
        List<Attacked> rows = new ArrayList<>();
        List<float[]> changed = new ArrayList<>();
        context.watcher().begin(attack.id(), 1);
        try {
            for (int from = 0; from < pictures.count(); from += size) {
                int first = from;
                int to = Math.min(pictures.count(), from + size);
                batch(
                        victim,
                        store,
                        subjects(from, to),
                        (done, all) ->
                                context.watcher().report(first * all + (to - first) * done, pictures.count() * all),
                        rows,
                        changed);
                context.watcher().report(to, pictures.count());
            }
        } catch (CancellationException asked) {
            if (rows.isEmpty()) {
                throw asked;
            }
            context.watcher().stopping();
            return Outcome.partial(answer(rows, changed), rows.size() + " of " + pictures.count() + " pictures");
        } finally {
            context.watcher().end();
        }
        return Outcome.of(answer(rows, changed));
    }

    private Subjects subjects(int from, int to) {
        return new Subjects(
                IntStream.range(from, to).mapToObj(pictures::picture).toList(),
                Arrays.copyOfRange(labels, from, to),
                targets.map(wanted -> Arrays.copyOfRange(wanted, from, to)),
                IntStream.range(from, to).asLongStream().toArray());
    }

    private Answer answer(List<Attacked> rows, List<float[]> changed) {
        return new Answer(AttackTable.of(model.name(), attack, rows), changed);
    }

    private void batch(
            Victim victim,
            Optional<PartStore> store,
            Subjects subjects,
            Progress progress,
            List<Attacked> rows,
            List<float[]> changed) {
        String name = "pictures-" + subjects.numbers()[0];
        Attack.Crafted made = store.flatMap(parts -> parts.read(name, input -> read(input, subjects.count(), victim)))
                .orElseGet(() -> {
                    Attack.Crafted crafted = attack.on(victim, subjects, progress);
                    Attack.Crafted result = kept == Bits.REAL
                            ? crafted
                            : new Attack.Crafted(
                                    Rounding.surviving(victim, attack, subjects, crafted.pictures()),
                                    crafted.queries());
                    store.ifPresent(parts -> parts.write(name, output -> write(output, result)));
                    return result;
                });
        rows.addAll(Attacked.of(
                victim,
                subjects,
                made,
                Arrays.stream(subjects.numbers()).mapToObj(Long::toString).toList()));
        changed.addAll(made.pictures());
    }

    private static void write(DataOutput output, Attack.Crafted crafted) throws IOException {
        for (int row = 0; row < crafted.queries().length; row++) {
            output.writeLong(crafted.queries()[row]);
            for (float value : crafted.pictures().get(row)) {
                output.writeFloat(value);
            }
        }
    }

    private static Attack.Crafted read(DataInput input, int count, Victim victim) throws IOException {
        long[] queries = new long[count];
        List<float[]> pictures = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            queries[row] = input.readLong();
            float[] picture = new float[victim.size()];
            for (int i = 0; i < picture.length; i++) {
                picture[i] = input.readFloat();
            }
            pictures.add(picture);
        }
        return new Attack.Crafted(pictures, queries);
    }
}
