package dev.vitrine.app.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.objective.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Parses the class names of the command line. */
public final class TargetWords {
    private static final String OPTION = "--target";
    private static final Pattern TOP = Pattern.compile("top:(\\d{1,9})");

    private TargetWords() {}

    /** Parses {@code top:3}, {@code 285}, {@code egyptian} or {@code 285,282}; the top class by default. */
    public static Targets parse(List<String> words, Model model) {
        if (words.isEmpty()) {
            if (model.head().kind() == HeadKind.EMBEDDING) {
                throw VitrineException.usage("Output '" + model.head().output() + "' is "
                        + model.head().words()
                        + ", which has no class to explain; expected --toward PICTURE, or --target NUMBER for one of"
                        + " its"
                        + " coordinates.");
            }
            return new Targets(1, List.of());
        }
        List<Integer> named = new ArrayList<>();
        int likeliest = 0;
        for (String word : words.stream().flatMap(TargetWords::parts).toList()) {
            if (isLikeliest(word)) {
                likeliest = likeliest(word, model);
            } else {
                named.addAll(classes(word, model));
            }
        }
        if (likeliest > 0 && !named.isEmpty()) {
            throw VitrineException.usage("--target: found top:" + likeliest
                    + " beside named classes; expected one or the other. Run Vitrine twice for both.");
        }
        return new Targets(likeliest, named.stream().distinct().toList());
    }

    /** As {@link #parse}, but a usage error if there is more than one class per picture. */
    public static Targets parseOne(List<String> words, Model model) {
        Targets targets = parse(words, model);
        if (targets.areSeveral()) {
            throw VitrineException.usage(
                    "--target: found several classes; expected one, or none for the top class of each picture.");
        }
        return targets;
    }

    /** The text, split at commas if a part asks for the top classes. */
    private static Stream<String> parts(String text) {
        List<String> parts = List.of(text.split(","));
        return parts.stream().anyMatch(TargetWords::isLikeliest) ? parts.stream() : Stream.of(text);
    }

    static boolean isLikeliest(String word) {
        return word.strip().startsWith("top:");
    }

    private static int likeliest(String word, Model model) {
        Matcher top = TOP.matcher(word.strip());
        int count = top.matches() ? Integer.parseInt(top.group(1)) : 0;
        boolean background = model.head().background().isPresent();
        long answers = model.classes() - (background ? 1 : 0);
        if (count < 1 || count > answers) {
            throw VitrineException.usage(
                    "--target " + word + ": expected top:1 to top:" + answers + ", the number of classes of '"
                            + model.name() + "'" + (background ? ", not counting the background." : "."));
        }
        return count;
    }

    /** The classes in a text; class names may contain commas. */
    public static List<Integer> classes(String text, Model model) {
        return classes(OPTION, text, model);
    }

    /** The same for another option. */
    static List<Integer> classes(String option, String text, Model model) {
        try {
            return List.of(single(option, text, model));
        } catch (VitrineException notOne) {
            if (!text.contains(",")) {
                throw notOne;
            }
        }
        return Pattern.compile(",")
                .splitAsStream(text)
                .filter(part -> !part.isBlank())
                .map(part -> single(option, part, model))
                .toList();
    }

    private static int single(String option, String text, Model model) {
        if (isLikeliest(text)) {
            throw VitrineException.usage(option + " " + text
                    + ": the top classes depend on a picture; expected the index or name of a class.");
        }
        int index;
        try {
            index = model.labels().find(text);
        } catch (VitrineException e) {
            throw VitrineException.usage(option + ": " + e.getMessage());
        }
        if (index >= model.classes()) {
            throw VitrineException.usage(
                    option + ": class " + index + ": expected a number from 0 to " + (model.classes() - 1) + ".");
        }
        return index;
    }
}
