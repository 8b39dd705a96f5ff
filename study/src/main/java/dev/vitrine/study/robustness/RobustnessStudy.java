package dev.vitrine.study.robustness;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

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
        List<Robustness> networks = new ArrayList<>();
        Set<String> unreadable = new LinkedHashSet<>();
        for (CorruptionSurvey survey : surveys) {
            Outcome<Robustness> outcome;
            try {
                outcome = survey.run(context.piece(
                        "network-" + networks.size(), survey.model().name(), 1.0 / surveys.size()));
            } catch (CancellationException stopped) {
                if (networks.isEmpty()) {
                    throw stopped;
                }
                return told(networks, unreadable, Optional.of(networks.size() + " of " + surveys.size() + " networks"));
            }
            networks.add(outcome.result());
            unreadable.addAll(outcome.unreadable());
            if (outcome.isPartial()) {
                String where =
                        surveys.size() == 1 ? "" : " with " + survey.model().name();
                return told(networks, unreadable, outcome.missing().map(done -> done + where));
            }
        }
        return told(networks, unreadable, Optional.empty());
    }

    private static Outcome<RobustnessTable> told(
            List<Robustness> networks, Set<String> unreadable, Optional<String> missing) {
        return new Outcome<>(new RobustnessTable(networks), List.copyOf(unreadable), missing);
    }
}
