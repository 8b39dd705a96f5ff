package dev.vitrine.lens.word;

import dev.vitrine.lens.attribution.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Accuracy on the questions of one section. A question with a word outside the searched vocabulary is skipped.
 *
 * @param section its name
 */
public record AnalogyAccuracy(String section, int correct, int answered, int skipped) {
    /** Share of answered questions whose best answer is the fourth word; NaN if all were skipped. */
    public double accuracy() {
        return (double) correct / answered;
    }

    /** The accuracy of each section. */
    public static List<AnalogyAccuracy> of(
            AnalogyQuestions questions, WordSearch search, AnalogyObjective objective, Progress progress) {
        long total = questions.sections().stream()
                .mapToLong(section -> section.questions().size())
                .sum();
        long done = 0;
        List<AnalogyAccuracy> all = new ArrayList<>();
        for (AnalogyQuestions.Section section : questions.sections()) {
            int correct = 0;
            int skipped = 0;
            for (AnalogyQuestions.Question question : section.questions()) {
                if (!isAnswerable(question, search)) {
                    skipped++;
                } else if (isCorrect(question, search, objective)) {
                    correct++;
                }
                progress.report(++done, total);
            }
            int answered = section.questions().size() - skipped;
            all.add(new AnalogyAccuracy(section.name(), correct, answered, skipped));
        }
        return List.copyOf(all);
    }

    /** All sections together. */
    public static AnalogyAccuracy total(List<AnalogyAccuracy> sections) {
        return new AnalogyAccuracy(
                "total",
                sections.stream().mapToInt(AnalogyAccuracy::correct).sum(),
                sections.stream().mapToInt(AnalogyAccuracy::answered).sum(),
                sections.stream().mapToInt(AnalogyAccuracy::skipped).sum());
    }

    private static boolean isAnswerable(AnalogyQuestions.Question question, WordSearch search) {
        return search.has(question.first())
                && search.has(question.second())
                && search.has(question.third())
                && search.has(question.fourth());
    }

    private static boolean isCorrect(
            AnalogyQuestions.Question question, WordSearch search, AnalogyObjective objective) {
        return search.analogy(question.first(), question.second(), question.third(), objective, 1).stream()
                .anyMatch(answer -> search.same(answer.word(), question.fourth()));
    }
}
