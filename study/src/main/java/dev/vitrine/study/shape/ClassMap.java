package dev.vitrine.study.shape;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.robustness.PublishedErrors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Coarse classes made of a network's own: the score of each is the mean probability of its members, and the largest is
 * the answer.
 *
 * @param names of the classes
 * @param members the network's classes in each
 */
public record ClassMap(List<String> names, List<List<Integer>> members) {
    /** The sixteen classes of Geirhos et al. 2019, arXiv:1811.12231, of the thousand of ImageNet. */
    public static final ClassMap SIXTEEN = sixteen();

    public ClassMap {
        names = List.copyOf(names);
        members = members.stream().map(List::copyOf).toList();
    }

    private static ClassMap sixteen() {
        Map<String, String> classes = new LinkedHashMap<>();
        classes.put("airplane", "404");
        classes.put("bear", "294-297");
        classes.put("bicycle", "444 671");
        classes.put("bird", "8 10-16 18-20 22-24 80-83 87-96 98-100 127-133 135-145");
        classes.put("boat", "472 554 625 814 914");
        classes.put("bottle", "440 720 737 898-899 901 907");
        classes.put("car", "436 511 817");
        classes.put("cat", "281-286");
        classes.put("chair", "423 559 765 857");
        classes.put("clock", "409 530 892");
        classes.put("dog", "152-191 193-203 205-226 228-241 243-250 252-257 259 261-263 265-268");
        classes.put("elephant", "385-386");
        classes.put("keyboard", "508 878");
        classes.put("knife", "499");
        classes.put("oven", "766");
        classes.put("truck", "555 569 656 675 717 734 864 867");
        return new ClassMap(
                List.copyOf(classes.keySet()),
                classes.values().stream().map(ClassMap::range).toList());
    }

    private static List<Integer> range(String ranges) {
        List<Integer> all = new ArrayList<>();
        for (String range : ranges.split(" ")) {
            String[] ends = range.split("-");
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                    .forEach(all::add);
        }
        return all;
    }

    /**
     * The sixteen classes for networks with the thousand of ImageNet, otherwise the network's own.
     *
     * @param words names of classes in the names of pictures
     */
    public static ClassMap of(Model model, Collection<String> words) {
        return PublishedErrors.areFor(model) ? SIXTEEN : own(model, words);
    }

    /** Each class of the network by itself, under the name that pictures use. */
    private static ClassMap own(Model model, Collection<String> words) {
        List<String> names = new ArrayList<>(IntStream.range(0, (int) model.classes())
                .mapToObj(model.labels()::name)
                .toList());
        Map<Integer, String> taken = new LinkedHashMap<>();
        for (String word : words) {
            int found = model.labels().findFolder(word);
            String before = taken.put(found, word);
            if (found >= names.size() || before != null) {
                throw VitrineException.usage("Found pictures of the class '" + word + "'"
                        + (before == null ? "" : " and of '" + before + "', both " + model.display(found))
                        + "; expected names of single classes of '" + model.name()
                        + "'. A map from classes of pictures to classes of the network can be given.");
            }
            names.set(found, word);
        }
        return new ClassMap(
                names, IntStream.range(0, names.size()).mapToObj(List::of).toList());
    }

    /** @throws VitrineException of kind USAGE if a picture's class is not in the map */
    void require(Set<String> words) {
        Set<String> unknown = new LinkedHashSet<>(words);
        unknown.removeAll(names);
        if (!unknown.isEmpty()) {
            throw VitrineException.usage("Found pictures with the classes " + String.join(", ", unknown)
                    + " in their names; expected some of " + String.join(", ", names)
                    + ". A map from classes of pictures to classes of the network can be given.");
        }
    }

    /** @param probabilities of the network's classes */
    String answer(double[] probabilities) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int index = 0; index < names.size(); index++) {
            double mean = members.get(index).stream()
                    .mapToDouble(member -> probabilities[member])
                    .average()
                    .orElseThrow();
            if (mean > most) {
                most = mean;
                best = index;
            }
        }
        return names.get(best);
    }
}
