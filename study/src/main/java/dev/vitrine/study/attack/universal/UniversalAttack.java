package dev.vitrine.study.attack.universal;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attack.universal.UniversalPerturbation;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Pieces;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.attack.Goal;
import dev.vitrine.study.attack.Share;
import dev.vitrine.study.attack.universal.UniversalAnswer.Example;
import dev.vitrine.study.attack.universal.UniversalAnswer.Landing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One change that breaks a network on most pictures: made from every other picture and tested on the rest.
 *
 * @param labels true class of each picture
 * @param goal any wrong class, or one for all
 */
public record UniversalAttack(
        Model model, PictureList pictures, List<Integer> labels, UniversalPerturbation method, Goal goal)
        implements Study<UniversalAnswer> {
    private static final int FORMAT = 1;
    private static final int EXAMPLES = 6;

    /** The change after a pass. */
    private record Pass(float[] change) {}

    /** A picture that could be read. */
    private record Read(int index, float[] values, int label) {}

    /** @throws VitrineException of kind USAGE if there are less than two pictures, or a target for each */
    public UniversalAttack {
        labels = List.copyOf(labels);
        if (pictures.size() < 2) {
            throw VitrineException.usage("Found " + pictures.size()
                    + " picture; expected at least 2, one to make the change from and one to test it on.");
        }
        if (goal.kind() == Goal.Kind.LEAST_LIKELY || goal.kind() == Goal.Kind.RANDOM) {
            throw VitrineException.usage(
                    "One change for all pictures has one target for all; expected a class or no target.");
        }
    }

    @Override
    public String id() {
        return "attack-universal";
    }

    private Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("labels", labels)
                .with("method", method)
                .with("goal", goal);
    }

    @Override
    public Outcome<UniversalAnswer> run(StudyContext context) {
        Victim victim = new Victim(context.session(model));
        Pieces<Pass> pieces = context.parts().pieces(question(), Pass.class);
        List<String> unreadable = new ArrayList<>();
        List<Read> read = read(context, unreadable);
        List<Read> learned = half(read, 0);
        List<Read> tested = half(read, 1);
        if (tested.isEmpty()) {
            throw VitrineException.failure(
                    "Found " + read.size() + " readable pictures; expected at least 2." + String.join(" ", unreadable));
        }
        float[] change = new float[victim.size()];
        Subjects subjects = subjects(learned);
        for (int pass = 0; pass < method.passes(); pass++) {
            context.watcher().check();
            int number = pass;
            float[] before = change;
            Optional<Pass> known = pieces.known("pass-" + number);
            change = known.orElseGet(() -> {
                        context.watcher()
                                .begin("pass " + (number + 1) + " of " + method.passes(), 1.0 / method.passes());
                        Pass made = pieces.done(
                                "pass-" + number,
                                () -> new Pass(
                                        method.after(before, victim, subjects, number, context.watcher()::within)));
                        context.watcher().report(1, 1);
                        context.watcher().end();
                        return made;
                    })
                    .change();
        }
        return new Outcome<>(answer(victim, change, learned, tested, unreadable), unreadable, Optional.empty());
    }

    private List<Read> read(StudyContext context, List<String> unreadable) {
        PictureValues values = new PictureValues(model);
        List<Read> read = new ArrayList<>();
        for (int index = 0; index < pictures.size(); index++) {
            context.watcher().check();
            try {
                float[] picture = values.of(model.preprocessing().view(pictures.read(index)));
                if (goal.kind() == Goal.Kind.ANY || labels.get(index) != goal.named()) {
                    read.add(new Read(index, picture, labels.get(index)));
                }
            } catch (VitrineException broken) {
                context.watcher().leftOut(broken.getMessage());
                unreadable.add(broken.getMessage());
            }
        }
        return read;
    }

    private static List<Read> half(List<Read> all, int rest) {
        return IntStream.range(0, all.size())
                .filter(index -> index % 2 == rest)
                .mapToObj(all::get)
                .toList();
    }

    private Subjects subjects(List<Read> read) {
        return new Subjects(
                read.stream().map(Read::values).toList(),
                read.stream().mapToInt(Read::label).toArray(),
                goal.kind() == Goal.Kind.ANY
                        ? Optional.empty()
                        : Optional.of(
                                read.stream().mapToInt(one -> goal.named()).toArray()),
                read.stream().mapToLong(Read::index).toArray());
    }

    private UniversalAnswer answer(
            Victim victim, float[] change, List<Read> learned, List<Read> tested, List<String> unreadable) {
        float[] whole = UniversalPerturbation.whole(change);
        Subjects subjects = subjects(tested);
        int[] before = predicted(victim, subjects.pictures());
        float[][] changed = logits(victim, subjects, whole);
        float[][] random = logits(victim, subjects, UniversalPerturbation.whole(method.random(victim.size())));
        int[] counted = IntStream.range(0, tested.size())
                .filter(row -> goal.kind() == Goal.Kind.ANY
                        ? before[row] == subjects.labels()[row]
                        : before[row] != goal.named())
                .toArray();
        Map<Integer, Integer> landings = new TreeMap<>();
        List<Example> examples = new ArrayList<>();
        int right = 0;
        int rightUnder = 0;
        for (int row = 0; row < tested.size(); row++) {
            int after = Subjects.best(changed[row]);
            landings.merge(after, 1, Integer::sum);
            right += before[row] == subjects.labels()[row] ? 1 : 0;
            rightUnder += after == subjects.labels()[row] ? 1 : 0;
        }
        for (int row : counted) {
            if (examples.size() < EXAMPLES && subjects.succeeds(row, changed[row])) {
                int index = tested.get(row).index();
                examples.add(new Example(index, pictures.name(index), before[row], Subjects.best(changed[row])));
            }
        }
        return new UniversalAnswer(
                whole,
                learned.size(),
                tested.size(),
                Share.of(right, tested.size()),
                Share.of(rightUnder, tested.size()),
                success(subjects, counted, changed),
                success(subjects, counted, random),
                landings.entrySet().stream()
                        .map(entry -> new Landing(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparingInt(Landing::count).reversed())
                        .toList(),
                examples,
                unreadable);
    }

    private static Share success(Subjects subjects, int[] counted, float[][] logits) {
        return Share.of(
                IntStream.of(counted)
                        .filter(row -> subjects.succeeds(row, logits[row]))
                        .count(),
                counted.length);
    }

    private static float[][] logits(Victim victim, Subjects subjects, float[] change) {
        return victim.logits(subjects.pictures().stream()
                .map(picture -> UniversalPerturbation.applied(picture, change))
                .toList());
    }

    private static int[] predicted(Victim victim, List<float[]> pictures) {
        float[][] logits = victim.logits(pictures);
        return IntStream.range(0, logits.length)
                .map(row -> Subjects.best(logits[row]))
                .toArray();
    }
}
