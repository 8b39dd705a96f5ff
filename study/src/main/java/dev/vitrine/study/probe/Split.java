package dev.vitrine.study.probe;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.study.picture.LabeledPictures;
import dev.vitrine.study.picture.LabeledPictures.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The split into training and test pictures, by class.
 *
 * @param training indices of each class's pictures in random order; fewer shots are a prefix of it
 * @param test indices of the rest
 */
record Split(List<List<Integer>> training, List<Integer> test) {
    /** Every n-th training picture is used for validation, to choose penalties and numbers of neighbors. */
    private static final int VALIDATION = 5;

    /**
     * @param plan number of training pictures per class
     * @param unreadable indices of skipped pictures
     */
    static Split of(LabeledPictures pictures, ProbePlan plan, Set<Integer> unreadable) {
        Map<Item, Integer> places = new HashMap<>();
        for (int place = 0; place < pictures.size(); place++) {
            places.put(pictures.items().get(place), place);
        }
        List<List<Integer>> training = new ArrayList<>();
        List<Integer> test = new ArrayList<>();
        for (int label = 0; label < pictures.classes().size(); label++) {
            List<Integer> members = pictures.shuffled(label, plan.seed()).stream()
                    .map(places::get)
                    .filter(place -> !unreadable.contains(place))
                    .toList();
            if (members.size() < 2) {
                throw VitrineException.usage("Class '" + pictures.classes().get(label) + "' has " + members.size()
                        + (members.size() == 1 ? " picture" : " pictures")
                        + " that can be read; expected at least 2, one for training and one for testing. Add some, or"
                        + " exclude"
                        + " the class with --without.");
            }
            int taught = plan.training(members.size());
            training.add(members.subList(0, taught));
            test.addAll(members.subList(taught, Math.min(members.size(), taught + plan.mostTested())));
        }
        return new Split(List.copyOf(training), List.copyOf(test));
    }

    /** The first {@code shots} pictures of each class. */
    List<Integer> train(int shots) {
        return training.stream()
                .flatMap(members -> members.subList(0, Math.min(shots, members.size())).stream())
                .toList();
    }

    /** Validation pictures: a fifth of the training pictures of each class, at least one if it has two. */
    List<Integer> validation() {
        return training.stream()
                .flatMap(members -> members.subList(members.size() - held(members), members.size()).stream())
                .toList();
    }

    /** Training pictures without {@link #validation()}. */
    List<Integer> fitting() {
        return training.stream()
                .flatMap(members -> members.subList(0, members.size() - held(members)).stream())
                .toList();
    }

    private static int held(List<Integer> members) {
        return members.size() < 2 ? 0 : Math.max(1, members.size() / VALIDATION);
    }
}
