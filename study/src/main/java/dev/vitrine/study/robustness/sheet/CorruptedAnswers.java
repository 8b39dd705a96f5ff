package dev.vitrine.study.robustness.sheet;

import java.util.List;

/** A network's answers for corrupted pictures, in the order of the pictures. */
public record CorruptedAnswers(List<Of> pictures) {
    /**
     * One picture.
     *
     * @param index in the list of pictures
     * @param answers for each version of the plan, the clean one first
     */
    public record Of(int index, String name, List<Answered> answers) {
        public Of {
            answers = List.copyOf(answers);
        }
    }

    /**
     * The most likely class.
     *
     * @param shown its probability, or its score if the output is not a distribution
     */
    public record Answered(int label, double shown) {}

    public CorruptedAnswers {
        pictures = List.copyOf(pictures);
    }
}
