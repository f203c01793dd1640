"""The probe: questions to a real SES whose answers AWS's documentation and those who tried it disagree on."""
