package dev.vitrine.lens.store;

import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All that stored results depend on: results of equal questions are equal, whatever files and folders are called.
 *
 * @param lines a name and a value each
 */
public record Question(List<String> lines) {
    private static final String PICTURES = "pictures";

    public Question {
        lines = List.copyOf(lines);
    }

    /**
     * @param what is asked, such as the name of a study
     * @param format of what is stored; another one counts as another question
     */
    public static Question of(String what, int format) {
        return new Question(List.of(what + " " + format));
    }

    /** The question with one more line. */
    public Question with(String name, Object value) {
        List<String> more = new ArrayList<>(lines);
        more.add(name + " " + value.toString().replace("\n", "\\n").replace("\r", "\\r"));
        return new Question(more);
    }

    /** The network, including all its weight files, and its preprocessing. */
    public Question with(Model model) {
        return with("model", model.name() + " " + model.sha256()).with("preprocessing", model.preprocessing());
    }

    /** Pictures by name, order and contents. */
    public Question with(PictureList pictures) {
        Digest contents = Digest.begin();
        IntStream.range(0, pictures.size()).forEach(index -> contents.add(pictures.content(index)));
        String names =
                IntStream.range(0, pictures.size()).mapToObj(pictures::name).collect(Collectors.joining("\0"));
        return with(PICTURES, pictures.size() + ", names " + Digest.of(names) + ", contents " + contents.hex());
    }

    public String text() {
        return String.join("\n", lines) + "\n";
    }

    /** As {@link #text} has it. */
    public static Question parse(String text) {
        return new Question(text.lines().toList());
    }

    /** The first difference between a stored question and this one, in words. */
    public Optional<String> difference(Question found) {
        for (int line = 0; line < Math.max(lines.size(), found.lines.size()); line++) {
            String expected = line(line);
            String other = found.line(line);
            if (!expected.equals(other)) {
                return Optional.of(
                        expected.startsWith(PICTURES + " ") && other.startsWith(PICTURES + " ")
                                ? "other pictures, or pictures that were changed since, by name or content (found '"
                                        + other + "', expected '" + expected + "')"
                                : "found '" + other + "', expected '" + expected + "'");
            }
        }
        return Optional.empty();
    }

    private String line(int index) {
        return index < lines.size() ? lines.get(index) : "nothing more";
    }
}
