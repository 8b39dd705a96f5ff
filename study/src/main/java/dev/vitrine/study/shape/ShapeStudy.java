package dev.vitrine.study.shape;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.InTurn;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import java.util.List;

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
        InTurn<CueAnswers> networks = InTurn.of(
                context,
                surveys,
                surveys.stream().map(CueSurvey::subject).toList(),
                (done, subject) -> done + " with " + subject);
        return new Outcome<>(
                new CueAnswers(networks.results().stream()
                        .flatMap(network -> network.answers().stream())
                        .toList()),
                networks.unreadable(),
                networks.missing());
    }
}
