package dev.vitrine.study.shape;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.answer.Answer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** Networks on the same cue-conflict pictures, one after the other. */
public record ShapeStudy(List<CueSurvey> surveys) implements Study<CueAnswers> {
    private static final int FORMAT = 1;

    public ShapeStudy {
        surveys = List.copyOf(surveys);
        if (surveys.isEmpty()) {
            throw VitrineException.usage("Found no network; expected at least one.");
        }
    }

    @Override
    public String id() {
        return "shape-bias";
    }

    @Override
    public Outcome<CueAnswers> run(StudyContext context) {
        Question question = Question.of(id(), FORMAT);
        for (CueSurvey survey : surveys) {
            question =
                    question.with("network " + survey.subject(), survey.model().sha256());
        }
        context.parts().begin(question);
        List<Answer> answers = new ArrayList<>();
        Set<String> unreadable = new LinkedHashSet<>();
        int done = 0;
        for (CueSurvey survey : surveys) {
            Outcome<CueAnswers> outcome;
            try {
                outcome = survey.run(context.piece("network-" + done, survey.subject(), 1.0 / surveys.size()));
            } catch (CancellationException stopped) {
                if (answers.isEmpty()) {
                    throw stopped;
                }
                return told(answers, unreadable, Optional.of(done + " of " + surveys.size() + " networks"));
            }
            answers.addAll(outcome.result().answers());
            unreadable.addAll(outcome.unreadable());
            if (outcome.isPartial()) {
                return told(
                        answers, unreadable, outcome.missing().map(missing -> missing + " with " + survey.subject()));
            }
            done++;
        }
        return told(answers, unreadable, Optional.empty());
    }

    private static Outcome<CueAnswers> told(List<Answer> answers, Set<String> unreadable, Optional<String> missing) {
        return new Outcome<>(new CueAnswers(answers), List.copyOf(unreadable), missing);
    }
}
