# Read by bash before a script: version 1 of the AWS CLI hears of an SQS endpoint only this way (aws/aws-cli#8737).
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL_SQS" "$@"; }
