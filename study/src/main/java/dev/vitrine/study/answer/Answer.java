package dev.vitrine.study.answer;

/**
 * One answer to one picture.
 *
 * @param subject who answered: a person or a network
 * @param picture name of the picture
 * @param category true class; of a cue-conflict picture, that of the shape
 * @param response class that was answered; anything else counts as wrong
 */
public record Answer(String subject, String picture, String category, String response) {
    boolean isCorrect() {
        return response.equals(category);
    }
}
