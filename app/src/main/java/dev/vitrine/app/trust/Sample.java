package dev.vitrine.app.trust;

import dev.vitrine.app.folder.Pictures;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.BoxTable;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.objective.FiniteScores;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Some pictures of many, each with the class to explain.
 *
 * @param unreadable how many were left out
 */
record Sample(List<Subject> subjects, int unreadable) {
    /**
     * @param view as the network sees it
     * @param input preprocessed, batch 1
     * @param boxes in pixels of the view
     */
    record Subject(String name, Picture view, Tensor input, int target, List<Box> boxes) {}

    /** So many pictures, evenly taken, that can be read. */
    static Sample evenly(
            Pictures pictures,
            int most,
            OpenModel open,
            Targets targets,
            Optional<BoxTable> table,
            Terminal terminal,
            Stop stop) {
        Model model = open.model();
        int count = Math.min(most, pictures.size());
        List<Subject> subjects = new ArrayList<>();
        int unreadable = 0;
        for (int index = 0; index < count; index++) {
            stop.check();
            int place = (int) ((index + 0.5) * pictures.size() / count);
            try {
                Picture picture = pictures.read(place);
                Tensor input = model.preprocessing().apply(picture);
                Tensor logits = open.session().logits(input);
                FiniteScores.require(pictures.name(place), logits);
                int target = targets.of(logits, model).get(0);
                List<Box> boxes = table.map(found -> found.of(pictures.name(place))).orElse(List.of()).stream()
                        .flatMap(box -> model.preprocessing().view(box, picture).stream())
                        .toList();
                Picture view = model.preprocessing().view(picture);
                subjects.add(new Subject(pictures.name(place), view, input, target, boxes));
            } catch (VitrineException e) {
                if (count == 1 || stop.status() != 0) {
                    throw e;
                }
                unreadable++;
                terminal.err().println("vitrine: " + e.getMessage());
            }
        }
        if (subjects.isEmpty()) {
            throw VitrineException.failure("None of the " + count + " pictures could be read; expected at least one.");
        }
        if (table.isPresent()
                && subjects.stream().allMatch(subject -> subject.boxes().isEmpty())) {
            throw VitrineException.usage("--boxes: none of the " + subjects.size() + " pictures taken has a box within"
                    + " what the network sees; expected names such as '"
                    + subjects.get(0).name() + "'.");
        }
        if (count < pictures.size()) {
            terminal.err()
                    .println("note: " + count + " of " + pictures.size()
                            + " pictures are taken; --pictures takes more.");
        }
        return new Sample(mostCertainFirst(subjects, open), unreadable);
    }

    /** The picture that the network is surest of goes first, since the first is shown for all. */
    private static List<Subject> mostCertainFirst(List<Subject> subjects, OpenModel open) {
        Subject surest = subjects.get(0);
        double most = Double.NEGATIVE_INFINITY;
        for (Subject subject : subjects) {
            double probability =
                    Probabilities.shown(open.session().logits(subject.input()), open.model())[subject.target()];
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
