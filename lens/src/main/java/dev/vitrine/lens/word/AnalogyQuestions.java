package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Analogy questions in the format of {@code questions-words.txt}: lines of four words below {@code : section}. */
public record AnalogyQuestions(List<Section> sections) {
    private static final String EXPECTED =
            "analogy questions: a line ': name' for each section, below it lines of four words";

    /** Questions of one kind. */
    public record Section(String name, List<Question> questions) {}

    /** First is to second as third is to fourth. */
    public record Question(String first, String second, String third, String fourth) {}

    public static AnalogyQuestions read(Path file) {
        List<Section> sections = new ArrayList<>();
        int number = 0;
        for (String line : (Iterable<String>) TextFile.read(file, EXPECTED).lines()::iterator) {
            number++;
            String stripped = line.strip();
            if (stripped.startsWith(":")) {
                sections.add(new Section(stripped.substring(1).strip(), new ArrayList<>()));
            } else if (!stripped.isEmpty()) {
                String[] words = stripped.split("\\s+");
                if (words.length != 4 || sections.isEmpty()) {
                    throw VitrineException.failure(file + ": line " + number + " has " + words.length + " words"
                            + (sections.isEmpty() ? " and belongs to no section" : "") + "; expected " + EXPECTED
                            + ".");
                }
                sections.get(sections.size() - 1).questions().add(new Question(words[0], words[1], words[2], words[3]));
            }
        }
        if (sections.stream().allMatch(section -> section.questions().isEmpty())) {
            throw VitrineException.failure(file + ": has no questions; expected " + EXPECTED + ".");
        }
        return new AnalogyQuestions(sections.stream()
                .map(section -> new Section(section.name(), List.copyOf(section.questions())))
                .toList());
    }
}
