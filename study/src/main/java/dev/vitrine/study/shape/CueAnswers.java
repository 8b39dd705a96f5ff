package dev.vitrine.study.shape;

import dev.vitrine.study.answer.Answer;
import java.util.List;

/** What networks say about cue-conflict pictures: all of the first network, all of the second and so on. */
public record CueAnswers(List<Answer> answers) {
    public CueAnswers {
        answers = List.copyOf(answers);
    }
}
