package dev.vitrine.study.trust;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.objective.FiniteScores;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.Watcher;
import java.util.ArrayList;
import java.util.List;

/**
 * A sample of pictures, each with the class to explain.
 *
 * @param unreadable reasons why others were left out
 */
record Sample(List<Subject> subjects, List<String> unreadable) {
    /**
     * @param index in the list of pictures
     * @param input preprocessed, batch 1
     * @param boxes in pixels of the view
     */
    record Subject(int index, String name, Tensor input, int target, List<Box> boxes) {}

    /** An evenly spaced sample of this size from the readable pictures. */
    static Sample evenly(TrustStudy study, ModelSession session, Watcher watcher) {
        Model model = study.model();
        int all = study.pictures().size();
        int count = Math.min(study.plan().pictures(), all);
        List<Subject> subjects = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            watcher.check();
            int index = (int) ((number + 0.5) * all / count);
            try {
                subjects.add(subject(study, session, index));
            } catch (VitrineException e) {
                watcher.check();
                if (count == 1) {
                    throw e;
                }
                unreadable.add(e.getMessage());
                watcher.leftOut(e.getMessage());
            }
        }
        if (subjects.isEmpty()) {
            throw VitrineException.failure("None of the " + count + " pictures could be read; expected at least one.");
        }
        if (!study.boxes().isEmpty()
                && subjects.stream().allMatch(subject -> subject.boxes().isEmpty())) {
            throw VitrineException.usage("Boxes: none of the " + subjects.size()
                    + " sampled pictures has a box within the network's input; expected names such as '"
                    + subjects.get(0).name() + "'.");
        }
        if (count < all) {
            watcher.note(count + " of " + all + " pictures are used, evenly spaced.");
        }
        return new Sample(mostCertainFirst(subjects, session, model), unreadable);
    }

    private static Subject subject(TrustStudy study, ModelSession session, int index) {
        Model model = study.model();
        String name = study.pictures().name(index);
        Picture picture = study.pictures().read(index);
        Tensor input = model.preprocessing().apply(picture);
        Tensor logits = session.logits(input);
        FiniteScores.require(name, logits);
        int target = study.targets().of(logits, model).get(0);
        List<Box> boxes = study.boxes().isEmpty() ? List.of() : study.boxes().get(index);
        List<Box> inView = boxes.stream()
                .flatMap(box -> model.preprocessing().view(box, picture).stream())
                .toList();
        return new Subject(index, name, input, target, inView);
    }

    /** Puts the picture with the most confident prediction first: it is the one displayed. */
    private static List<Subject> mostCertainFirst(List<Subject> subjects, ModelSession session, Model model) {
        Subject surest = subjects.get(0);
        double most = Double.NEGATIVE_INFINITY;
        for (Subject subject : subjects) {
            double probability = Probabilities.shown(session.logits(subject.input()), model)[subject.target()];
            if (probability > most) {
                most = probability;
                surest = subject;
            }
        }
        List<Subject> ordered = new ArrayList<>(subjects);
        ordered.remove(surest);
        ordered.add(0, surest);
        return ordered;
    }

    Tensor images() {
        return Tensor.concatenate(subjects.stream().map(Subject::input).toList());
    }

    Tensor targets() {
        return ModelSession.targets(subjects.stream().mapToLong(Subject::target).toArray());
    }
}
