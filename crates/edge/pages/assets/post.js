// The answer goes to the application without a click.
document.getElementById("answer").submit();
