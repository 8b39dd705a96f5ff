package dev.vitrine.study.robustness;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.InTurn;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import java.util.List;

/** Networks on the same corrupted pictures, one after the other. */
public record RobustnessStudy(List<CorruptionSurvey> surveys) implements Study<RobustnessTable> {
    private static final int FORMAT = 1;

    public RobustnessStudy {
        surveys = List.copyOf(surveys);
        if (surveys.isEmpty()) {
            throw VitrineException.usage("Found no network; expected at least one.");
        }
    }

    @Override
    public String id() {
        return "robustness";
    }

    @Override
    public Outcome<RobustnessTable> run(StudyContext context) {
        Question question = Question.of(id(), FORMAT);
        for (CorruptionSurvey survey : surveys) {
            question = question.with(
                    "network " + surveys.indexOf(survey), survey.model().sha256());
        }
        context.parts().begin(question.with("plan", surveys.get(0).plan()));
        InTurn<Robustness> networks = InTurn.of(
                context,
                surveys,
                surveys.stream().map(survey -> survey.model().name()).toList(),
                (done, name) -> surveys.size() == 1 ? done : done + " with " + name);
        return new Outcome<>(new RobustnessTable(networks.results()), networks.unreadable(), networks.missing());
    }
}
